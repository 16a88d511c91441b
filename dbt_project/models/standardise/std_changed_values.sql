{{ config(materialized='view') }}
{%- set codes = {
    'gender': 'standardise_gender', 'education': 'standardise_education', 'marital_status': 'standardise_marital_status',
    'occupation': 'standardise_occupation',
} -%}
-- A view: it costs a night nothing, and is worked out when somebody asks what cleaning made of a value.
with records as (
    select
        record_id,
        {{ value_key(name_columns()) }} as name_key,
        {{ value_key(address_columns()) }} as address_key,
        coalesce(
            full_name, nullif(concat_ws(' ', given_name, middle_name, family_name), ''), native_name
        ) as name_before,
        concat_ws(' ', {{ address_parts() | join(', ') }}) as address_before,
        national_id,
        coalesce(national_id_country, default_country, '') as country
    from {{ ref('stg_records') }}
),

told as (
    select
        record_id,
        'phone' as field,
        phone_raw as value_before,
        phone_e164 as value_after,
        phone_status as status,
        phone_reason as reason
    from {{ ref('std_record_phones') }}
    union all
    select
        record_id,
        'email' as field,
        email_raw as value_before,
        email_normal as value_after,
        email_status as status,
        email_reason as reason
    from {{ ref('std_record_emails') }}
    union all
    select
        records.record_id,
        'name' as field,
        records.name_before as value_before,
        coalesce(names.name_shown, names.organisation_raw) as value_after,
        names.name_status as status,
        names.name_reason as reason
    from records
    inner join {{ ref('std_names') }} as names on records.name_key = names.name_key
    union all
    select
        records.record_id,
        'address' as field,
        records.address_before as value_before,
        addresses.address_shown as value_after,
        addresses.address_status as status,
        addresses.address_reason as reason
    from records
    inner join {{ ref('std_addresses') }} as addresses on records.address_key = addresses.address_key
    union all
    select
        records.record_id,
        'national_id' as field,
        identifiers.identifier_raw as value_before,
        identifiers.national_id as value_after,
        identifiers.national_id_status as status,
        identifiers.national_id_reason as reason
    from records
    inner join {{ ref('std_identifiers') }} as identifiers
        on records.national_id = identifiers.identifier_raw and records.country = identifiers.country
    {% for column, code in codes.items() %}
    union all
    select
        record_id,
        '{{ column }}' as field,
        {{ column }} as value_before,
        {{ code }}({{ column }}) as value_after,
        case when {{ code }}({{ column }}) is null then 'invalid' else 'valid' end as status,
        null as reason
    from {{ ref('stg_records') }}
    where {{ column }} is not null
    {% endfor %}
)

select
    split_part(record_id, ':', 1) as source_system,
    field,
    coalesce(reason, case status when 'valid' then 'form' else status end) as cleaning_rule,
    value_before,
    value_after,
    count(*) as record_count
from told
where value_before is distinct from value_after
group by all
