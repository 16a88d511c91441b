with fields as (
    {{ phone_fields() }}
),

distinct_fields as (
    select distinct
        field_raw,
        region
    from fields
),

-- as an earlier night standardised them with the same code (pipelines/storage/standardised.py)
kept as (
    select kept_values.*
    from {{ source('kept', 'std_phones') }} as kept_values
    semi join distinct_fields using (field_raw, region)
),

numbers as (
    select
        field_raw,
        region,
        split_phones(field_raw) as numbers
    from distinct_fields
    anti join kept using (field_raw, region)
),

-- A field may hold several numbers (mobile/office); each counts as a number of the record.
parted as (
    select
        field_raw,
        region,
        generate_subscripts(numbers, 1)::integer as number_no,
        unnest(numbers) as phone_raw
    from numbers
),

parsed as (
    select
        *,
        standardise_phone(phone_raw, nullif(region, '')) as phone
    from parted
)

select * from kept
union all by name
select
    field_raw,
    region,
    number_no,
    phone_raw,
    phone.e164 as phone_e164,
    phone.kind as phone_kind,
    phone.region as phone_region,
    phone.extension as phone_extension,
    phone.status as phone_status,
    phone.reason as phone_reason
from parsed
