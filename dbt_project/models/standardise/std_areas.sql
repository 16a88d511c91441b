{#- Names of areas as addresses have them, with their codes; two, four and six digits are province, city and district. -#}
with known as (
    select distinct
        country,
        province,
        city,
        district,
        division_code
    from {{ ref('std_addresses') }}
    where country = 'CN' and division_code is not null and province is not null
),

named as (
    select
        province,
        null as city,
        null as district,
        'province' as area_level,
        left(division_code, 2) || '0000' as area_code
    from known
    union all
    select
        province,
        city,
        null as district,
        'city' as area_level,
        left(division_code, 4) || '00' as area_code
    from known
    where city is not null
    union all
    select
        province,
        city,
        district,
        'district' as area_level,
        division_code as area_code
    from known
    where city is not null and district is not null
)

-- a district that was renamed or merged has codes of several years: the one that most addresses have
select
    province,
    city,
    district,
    area_level,
    mode(area_code order by area_code) as area_code
from named
group by province, city, district, area_level
