with distinct_identifiers as (
    select distinct
        national_id as identifier_raw,
        coalesce(national_id_country, default_country, '') as country
    from {{ ref('stg_records') }}
    where national_id is not null
),

-- as an earlier night standardised them with the same code (pipelines/storage/standardised.py)
kept as (
    select kept_values.*
    from {{ source('kept', 'std_identifiers') }} as kept_values
    semi join distinct_identifiers using (identifier_raw, country)
),

parsed as (
    select
        identifier_raw,
        country,
        standardise_identifier(identifier_raw, nullif(country, '')) as identifier
    from distinct_identifiers
    anti join kept using (identifier_raw, country)
)

select * from kept
union all by name
select
    identifier_raw,
    country,
    identifier.normal as national_id,
    identifier.kind as national_id_kind,
    coalesce(identifier.is_masked, false) as national_id_is_masked,
    identifier.birth_date as national_id_birth_date,
    identifier.sex as national_id_sex,
    identifier.region_code as national_id_region_code,
    identifier.status as national_id_status,
    identifier.reason as national_id_reason
from parsed
