{#- What one record says in two fields. A rule judges a record that has both; the others are not counted for it. -#}
{{ config(schema='golden_work', access='private') }}
with records as (
    select
        records.*,
        -- foreign numbers tell birth and sex in ways of their own
        records.national_id_kind in ('cn_resident_id', 'cn_residence_permit', 'cn_foreigner_permit') as is_resident_id,
        coalesce(records.birth_date, customers.birth_date) as born_on
    from {{ ref('std_records') }} as records
    left join {{ ref('customer_xref') }} as xref on records.record_id = xref.record_id
    left join {{ ref('customers') }} as customers
        on xref.customer_id = customers.customer_id and customers.entity_type = 'person'
),

area_codes as (
    select
        area_code,
        list(distinct province) as provinces,
        list(distinct city) as cities,
        bool_or(city is null) as is_shared_by_counties
    from {{ ref('phone_area_codes') }}
    group by area_code
),

-- of several landlines one that fits is enough: office and home
landlines as (
    select
        phones.record_id,
        flatten(list(area_codes.provinces)) as provinces,
        flatten(list(area_codes.cities)) as cities,
        bool_or(area_codes.is_shared_by_counties) as is_shared_by_counties
    from {{ ref('std_record_phones') }} as phones
    inner join area_codes
        on regexp_extract(phones.phone_e164, '^\+86(10|2\d|[3-9]\d\d)', 1) = area_codes.area_code
    where phones.phone_kind = 'fixed' and phones.phone_status in ('valid', 'repaired')
    group by phones.record_id
),

members as (
    select
        member_key,
        min(registered_at)::date as registered_on
    from {{ ref('std_records') }}
    where kind = 'registration' and member_key is not null
    group by member_key
),

judged as (
    select
        record_id,
        'id_birth_date' as rule,
        -- a date of which the year or the month alone is known is the first day of it
        case
            when month(birth_date) = 1 and day(birth_date) = 1 then year(birth_date) <> year(national_id_birth_date)
            when day(birth_date) = 1
                then date_trunc('month', birth_date) <> date_trunc('month', national_id_birth_date)
            else birth_date <> national_id_birth_date
        end as is_broken
    from records
    where is_resident_id
    union all
    select
        record_id,
        'id_sex' as rule,
        gender <> national_id_sex as is_broken
    from records
    where is_resident_id and gender in ('male', 'female')
    union all
    select
        records.record_id,
        'area_code_city' as rule,
        not list_contains(landlines.provinces, records.province)
        or (
            not landlines.is_shared_by_counties
            and coalesce(records.city in (select known.city from {{ ref('phone_area_codes') }} as known), false)
            and not list_contains(landlines.cities, records.city)
        ) as is_broken
    from records
    inner join landlines on records.record_id = landlines.record_id
    where records.country = 'CN' and records.province in (select known.province from {{ ref('phone_area_codes') }} as known)
    union all
    select
        record_id,
        'before_birth' as rule,
        event_at::date < born_on as is_broken
    from records
    union all
    select
        orders.record_id,
        'order_before_registration' as rule,
        orders.event_at::date < members.registered_on as is_broken
    from records as orders
    inner join members on orders.member_key = members.member_key
    where orders.kind = 'transaction'
)

select
    records.record_id,
    records.source_system,
    records.source_record_id,
    judged.rule,
    judged.is_broken
from judged
inner join records on judged.record_id = records.record_id
where judged.is_broken is not null
