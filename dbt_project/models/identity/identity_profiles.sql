with members as (
    select
        profile_no,
        min(record_id) as record_id,
        count(*) as record_count
    from {{ ref('identity_records') }}
    group by profile_no
),

described as (
    select
        members.profile_no,
        members.record_count,
        records.entity_type,
        lower(records.family_name) as family_name,
        lower(records.given_name) as given_name,
        records.native_name,
        records.family_latin,
        records.given_latin,
        records.given_root,
        records.family_phonetic,
        records.given_phonetic,
        records.full_key,
        coalesce(records.name_tokens, []::varchar []) as name_tokens,
        records.name_script,
        records.gender,
        coalesce(records.birth_date, records.national_id_birth_date) as birth_date,
        coalesce(records.gender, records.national_id_sex) as sex,
        records.national_id,
        records.national_id_is_masked,
        records.phones,
        records.emails,
        records.country,
        records.province,
        records.city,
        records.district,
        records.street,
        records.house_number,
        records.unit,
        records.postcode,
        records.address_line,
        records.address_match_key,
        records.birth_place,
        records.occupation,
        records.organisation_key,
        list_filter([
            'passport:' || records.passport_no, 'licence:' || records.driver_license_no, 'member:' || records.member_key,
            'ref:' || records.customer_ref_key, 'openid:' || records.wechat_openid,
            'unionid:' || records.wechat_unionid, 'handle:' || records.social_handle, 'device:' || records.device_id,
            'organisation:' || records.organisation_id,
        ], lambda id: id is not null) as other_ids
    from members
    inner join {{ ref('std_records') }} as records
        on members.record_id = records.record_id
)

select
    *,
    {{ term_frequency('family_name') }} as family_tf,
    {{ term_frequency('given_name') }} as given_tf,
    {{ term_frequency('full_key') }} as full_name_tf,
    {{ term_frequency('birth_date') }} as birth_date_tf,
    {{ term_frequency('national_id') }} as national_id_tf,
    {{ term_frequency('address_match_key') }} as dwelling_tf,
    {{ term_frequency('postcode') }} as postcode_tf,
    {{ term_frequency('district') }} as district_tf,
    {{ term_frequency('city') }} as city_tf,
    {{ term_frequency('birth_place') }} as birth_place_tf,
    {{ term_frequency('occupation') }} as occupation_tf,
    {{ term_frequency('organisation_key') }} as organisation_tf
from described
