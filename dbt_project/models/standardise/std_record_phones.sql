{%- set repeats = ['phone', 'phone_2', 'phone_3'] -%}

with records as (
    select
        *,
        {{ value_key(address_columns()) }} as address_key
    from {{ ref('stg_records') }}
),

fields as (
    {% for column in repeats %}
    select
        records.record_id,
        {{ loop.index }} as field_no,
        records.{{ column }} as field_raw,
        coalesce(addresses.country, records.default_country, '') as region
    from records
    left join {{ ref('std_addresses') }} as addresses
        on records.address_key = addresses.address_key
    where records.{{ column }} is not null
    {% if not loop.last %}union all{% endif %}
    {% endfor %}
),

numbers as (
    select
        field_raw,
        split_phones(field_raw) as numbers
    from (select distinct field_raw from fields)
),

-- A field may hold several numbers (mobile/office); each counts as a number of the record.
parted as (
    select
        fields.record_id,
        fields.region,
        fields.field_no,
        generate_subscripts(numbers.numbers, 1) as number_no,
        unnest(numbers.numbers) as phone_raw
    from fields
    inner join numbers on fields.field_raw = numbers.field_raw
),

delivered as (
    select
        record_id,
        region,
        phone_raw,
        row_number() over (partition by record_id order by field_no, number_no) as position
    from parted
),

distinct_phones as (
    select distinct
        phone_raw,
        region
    from delivered
),

parsed as (
    select
        phone_raw,
        region,
        standardise_phone(phone_raw, nullif(region, '')) as phone
    from distinct_phones
)

select
    delivered.record_id,
    delivered.position,
    delivered.phone_raw,
    parsed.phone.e164 as phone_e164,
    parsed.phone.kind as phone_kind,
    parsed.phone.region as phone_region,
    parsed.phone.extension as phone_extension,
    parsed.phone.status as phone_status,
    parsed.phone.reason as phone_reason
from delivered
inner join parsed
    on delivered.phone_raw = parsed.phone_raw and delivered.region = parsed.region
