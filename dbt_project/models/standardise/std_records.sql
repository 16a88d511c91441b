{#- customer_ref counts within its source, member_no within our own sources or within the vendor's list. -#}
{%- set codes = {
    'gender': 'standardise_gender(gender)',
    'education': 'standardise_education(education)',
    'marital_status': 'standardise_marital_status(marital_status)',
    'occupation': 'standardise_occupation(occupation)',
    'birth_date': 'is_junk_date(birth_date::varchar)',
} -%}
with records as (
    select
        *,
        {{ value_key(name_columns()) }} as name_key,
        {{ value_key(address_columns()) }} as address_key,
        case
            when passport_no is not null
                then standardise_passport(passport_no, coalesce(national_id_country, default_country))
        end as passport,
        case
            when organisation_id is not null then standardise_identifier(organisation_id, default_country)
        end as registration
    from {{ ref('stg_records') }}
),

-- A few values stand in many records: each is read once and joined.
{% for column, code in codes.items() %}
{{ column }}_codes as (
    select
        {{ column }},
        {{ code }} as code
    from (select distinct {{ column }} from {{ ref('stg_records') }})
    where {{ column }} is not null
),

{% endfor %}
-- a number that a hundredth of a source shares tells nobody apart; it is called and may be barred as ever
phones as (
    select
        record_id,
        list_sort(list(distinct phone_e164)) as phones,
        list_sort(list(distinct phone_e164) filter (where is_seldom)) as own_phones
    from (
        select
            numbers.record_id,
            numbers.phone_e164,
            {{ seldom_shared('phone', 'numbers.phone_e164', 'numbers.record_id') }} as is_seldom
        from {{ ref('std_record_phones') }} as numbers
        where numbers.phone_e164 is not null and numbers.phone_status in ('valid', 'repaired', 'suspicious')
    ) as told
    group by record_id
),

-- further addresses in the form in which the golden record compares addresses
further_addresses as (
    select
        further.record_id,
        list(distinct {{ address_value('addresses') }} order by {{ address_value('addresses') }}) as values_told
    from (
        {% for column in ['address_2', 'address_3'] %}
        select
            record_id,
            {{ further_address_key(column) }} as address_key
        from {{ ref('stg_records') }}
        where {{ column }} is not null
        {% if not loop.last %}union{% endif %}
        {% endfor %}
    ) as further
    inner join {{ ref('std_addresses') }} as addresses on further.address_key = addresses.address_key
    where addresses.address_status not in ('junk', 'missing')
    group by further.record_id
),

emails as (
    select
        record_id,
        list_sort(list(distinct email_match_key)) as emails,
        list_sort(list(distinct email_match_key) filter (where is_seldom)) as own_emails
    from (
        select
            mailboxes.record_id,
            mailboxes.email_match_key,
            {{ seldom_shared('email', 'mailboxes.email_match_key', 'mailboxes.record_id') }} as is_seldom
        from {{ ref('std_record_emails') }} as mailboxes
        where mailboxes.email_match_key is not null and mailboxes.email_status <> 'junk'
    ) as told
    group by record_id
)

select
    records.record_id,
    records.kind,
    records.source_system,
    records.source_record_id,
    records.event_at,
    records.acquisition_mode,
    records.source_rank,
    case
        when
            coalesce(records.organisation_name, names.organisation_raw) is not null
            and (
                names.name_key is null
                or names.name_status in ('junk', 'missing')
                or names.organisation_raw is not null
            )
            then 'organisation'
        else 'person'
    end as entity_type,
    names.family_name,
    names.given_name,
    names.middle_name,
    names.native_name,
    names.family_latin,
    names.given_latin,
    names.given_roots,
    names.family_phonetic,
    names.given_phonetic,
    names.full_key,
    names.name_tokens,
    names.name_script,
    names.honorific,
    names.name_generation,
    names.name_shown,
    names.name_status,
    gender_codes.code as gender,
    case
        when
            not birth_date_codes.code
            and {{ seldom_shared('birth_date', 'records.birth_date::varchar', 'records.record_id') }}
            then records.birth_date
    end as birth_date,
    case when identifiers.national_id_status not in ('junk', 'invalid') then identifiers.national_id
    end as national_id,
    identifiers.national_id_kind,
    coalesce(identifiers.national_id_is_masked, false) as national_id_is_masked,
    case when identifiers.national_id_status in ('valid', 'repaired') then identifiers.national_id_birth_date
    end as national_id_birth_date,
    case when identifiers.national_id_status in ('valid', 'repaired') then identifiers.national_id_sex
    end as national_id_sex,
    identifiers.national_id_status,
    case when records.passport.status <> 'junk' then records.passport.normal end as passport_no,
    nullif(upper(regexp_replace(records.driver_license_no, '[^0-9A-Za-z]', '', 'g')), '') as driver_license_no,
    coalesce(phones.phones, []::varchar []) as phones,
    coalesce(phones.own_phones, []::varchar []) as own_phones,
    coalesce(emails.emails, []::varchar []) as emails,
    coalesce(emails.own_emails, []::varchar []) as own_emails,
    addresses.country,
    addresses.province,
    addresses.city,
    addresses.district,
    addresses.street,
    addresses.house_number,
    addresses.unit,
    addresses.postcode,
    addresses.address_line,
    addresses.address_shown,
    addresses.address_match_key,
    addresses.address_status,
    coalesce(further_addresses.values_told, []::varchar []) as further_addresses,
    organisations.organisation_name,
    organisations.organisation_key,
    organisations.organisation_words,
    organisations.organisation_sounds,
    case when records.registration.status <> 'junk' then records.registration.normal end as organisation_id,
    case
        when records.acquisition_mode = 'own' then 'own:' || trim(records.member_no)
        else records.source_system || ':' || trim(records.member_no)
    end as member_key,
    records.source_system || ':' || trim(records.customer_ref) as customer_ref_key,
    nullif(trim(records.wechat_openid), '') as wechat_openid,
    nullif(trim(records.wechat_unionid), '') as wechat_unionid,
    nullif(lower(trim(records.social_handle)), '') as social_handle,
    nullif(trim(records.device_id), '') as device_id,
    lower(trim(records.birth_place)) as birth_place,
    lower(trim(records.occupation)) as occupation,
    records.job_title,
    records.education,
    records.marital_status,
    education_codes.code as education_level,
    marital_status_codes.code as marital_status_code,
    occupation_codes.code as occupation_group,
    records.income_band,
    records.referrer_id,
    records.registered_at,
    records.last_verified_at
from records
left join {{ ref('std_names') }} as names on records.name_key = names.name_key
left join {{ ref('std_addresses') }} as addresses on records.address_key = addresses.address_key
left join {{ ref('std_identifiers') }} as identifiers
    on
        records.national_id = identifiers.identifier_raw
        and coalesce(records.national_id_country, records.default_country, '') = identifiers.country
left join {{ ref('std_organisations') }} as organisations
    on coalesce(records.organisation_name, names.organisation_raw) = organisations.organisation_raw
{% for column in codes %}
left join {{ column }}_codes on records.{{ column }} = {{ column }}_codes.{{ column }}
{% endfor %}
left join phones on records.record_id = phones.record_id
left join emails on records.record_id = emails.record_id
left join further_addresses on records.record_id = further_addresses.record_id
