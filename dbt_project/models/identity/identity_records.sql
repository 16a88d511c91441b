{%- set traits = [
    'entity_type', 'family_name', 'given_name', 'native_name', 'family_latin', 'given_latin', 'full_key', 'middle_name', 'honorific', 'name_generation',
    'gender', 'birth_date', 'national_id', 'national_id_birth_date', 'passport_no', 'driver_license_no', 'own_phones',
    'own_emails', 'country', 'province', 'city', 'district', 'street', 'house_number', 'unit', 'postcode',
    'address_match_key', 'organisation_key', 'organisation_words', 'organisation_sounds', 'organisation_id', 'member_key', 'customer_ref_key', 'wechat_openid',
    'wechat_unionid', 'social_handle', 'device_id', 'birth_place', 'occupation',
] -%}

with judged as (
    select token_a as token
    from {{ source('state', 'steward_verdicts') }}
    union
    select token_b as token
    from {{ source('state', 'steward_verdicts') }}
),

-- records of a steward verdict stand alone: what was said of them was not said of others that read the same
separate as (
    select records.record_id
    from {{ ref('std_records') }} as records
    inner join judged on record_token(records.record_id) = judged.token
    where (select count(*) from {{ source('state', 'steward_verdicts') }}) > 0
)

select
    record_id,
    source_system,
    source_record_id,
    entity_type,
    -- the number says what is compared: the same traits have the same one on every night, whatever else is delivered
    (('0x' || left(md5(
        case when record_id in (select separate.record_id from separate) then record_id else '' end
        || concat_ws(chr(31), {% for trait in traits -%}
            coalesce('=' || {{ trait }}::varchar, '-'){% if not loop.last %}, {% endif %}
        {%- endfor %})
    ), 16))::ubigint >> 1)::bigint as profile_no
from {{ ref('std_records') }}
where
    coalesce(
        full_key, native_name, national_id, passport_no, driver_license_no, organisation_key, organisation_id,
        member_key, customer_ref_key, wechat_openid, wechat_unionid, social_handle, device_id,
        own_phones[1], own_emails[1]
    ) is not null
