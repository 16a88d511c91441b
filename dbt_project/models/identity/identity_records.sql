{%- set traits = [
    'entity_type', 'family_name', 'given_name', 'native_name', 'family_latin', 'given_latin', 'full_key', 'honorific',
    'gender', 'birth_date', 'national_id', 'national_id_birth_date', 'passport_no', 'driver_license_no', 'phones',
    'emails', 'country', 'province', 'city', 'district', 'street', 'house_number', 'unit', 'postcode',
    'address_match_key', 'organisation_key', 'organisation_id', 'member_key', 'customer_ref_key', 'wechat_openid',
    'wechat_unionid', 'social_handle', 'device_id', 'birth_place', 'occupation',
] -%}

with described as (
    select
        record_id,
        source_system,
        source_record_id,
        entity_type,
        md5(concat_ws(chr(31), {% for trait in traits -%}
            coalesce('=' || {{ trait }}::varchar, '-'){% if not loop.last %}, {% endif %}
        {%- endfor %})) as profile_hash
    from {{ ref('std_records') }}
    where
        coalesce(
            full_key, native_name, national_id, passport_no, driver_license_no, organisation_key, organisation_id,
            member_key, customer_ref_key, wechat_openid, wechat_unionid, social_handle, device_id,
            phones[1], emails[1]
        ) is not null
)

select
    record_id,
    source_system,
    source_record_id,
    entity_type,
    dense_rank() over (order by profile_hash)::integer as profile_no
from described
