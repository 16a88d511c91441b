{#- How many profiles of the same entity type carry the same values; null without a value. -#}
{%- set carriers = {
    'firm_count': ['organisation_words'], 'family_count': ['family_name'], 'given_count': ['given_name'],
    'name_count': ['family_name', 'given_name'], 'full_name_count': ['full_key'], 'birth_date_count': ['birth_date'],
    'national_id_count': ['national_id'], 'dwelling_count': ['address_match_key'], 'postcode_count': ['postcode'],
    'district_count': ['district'], 'city_count': ['city'], 'country_count': ['country'], 'birth_place_count': ['birth_place'],
    'occupation_count': ['occupation'], 'organisation_count': ['organisation_key'],
} -%}
{%- set before = rows_before() -%}
with {% if before -%}
held_before as (  -- noqa: ST03
    select
        profile_no as number_before,
        content as content_before
    from {{ before }}
),

{% endif -%}
members as (
    select
        profile_no,
        min(record_id) as record_id,
        count(*) as record_count
    from {{ ref('identity_records') }}
    group by profile_no
),

-- providers at which anybody has an address: their domain says nothing about a firm
providers as (
    select list(domain) as domains
    from {{ ref('personal_email_domains') }}
),

-- wide, and so read twice instead of kept: once for what is counted, once for what is told
delivered as not materialized (
    select
        members.profile_no,
        members.record_count,
        records.entity_type,
        lower(records.family_name) as family_name,
        lower(records.given_name) as given_name,
        {{ comparable('records.native_name') }} as native_name,
        records.family_latin,
        records.given_latin,
        records.given_roots,
        records.family_phonetic,
        records.given_phonetic,
        lower(strip_accents(records.middle_name)) as middle_latin,
        records.full_key,
        coalesce(records.name_tokens, []::varchar []) as name_tokens,
        records.name_script,
        records.name_generation,
        records.gender,
        coalesce(records.birth_date, records.national_id_birth_date) as birth_date,
        coalesce(records.gender, records.national_id_sex) as sex,
        {{ comparable('records.national_id') }} as national_id,
        records.national_id_is_masked,
        coalesce(records.national_id_status in ('valid', 'repaired'), false) as national_id_is_checked,
        records.own_phones as phones,
        records.own_emails as emails,
        records.country,
        records.province,
        {{ comparable('records.city') }} as city,
        {{ comparable('records.district') }} as district,
        {{ comparable('records.street') }} as street,
        {{ comparable('records.house_number') }} as house_number,
        {{ comparable('records.unit') }} as unit,
        {{ comparable('records.postcode') }} as postcode,
        {{ comparable('records.address_line') }} as address_line,
        records.address_match_key,
        {{ comparable('records.birth_place') }} as birth_place,
        {{ comparable('records.occupation') }} as occupation,
        {{ comparable('records.organisation_key') }} as organisation_key,
        case when records.entity_type = 'organisation' then coalesce(records.organisation_words, []::varchar []) else [] end
            as organisation_words,
        case when records.entity_type = 'organisation' then coalesce(records.organisation_sounds, []::varchar []) else [] end
            as organisation_sounds,
        case
            when records.entity_type = 'organisation'
                then list_distinct(list_filter(
                    list_transform(records.own_emails, lambda email: split_part(email, '@', 2)),
                    lambda domain: not list_contains(providers.domains, domain)
                ))
            else []
        end as mail_domains,
        list_filter([
            'passport:' || records.passport_no, 'licence:' || records.driver_license_no, 'member:' || records.member_key,
            'ref:' || records.customer_ref_key, 'openid:' || records.wechat_openid,
            'unionid:' || records.wechat_unionid, 'handle:' || records.social_handle, 'device:' || records.device_id,
            'organisation:' || records.organisation_id,
        ], lambda id: id is not null) as other_ids
    from members
    inner join {{ ref('std_records') }} as records
        on members.record_id = records.record_id
    cross join providers
),

names as (
    select
        members.profile_no,
        records.family_latin,
        records.given_latin,
        records.name_script
    from members
    inner join {{ ref('std_records') }} as records on members.record_id = records.record_id
),

-- what the data itself says of a word: is it borne as a family name or as a given name?
part_roles as (
    select
        word,
        count(*) filter (where is_family) as as_family,
        count(*) filter (where not is_family) as as_given
    from (
        select
            family_latin as word,
            true as is_family
        from names
        where given_latin is not null
        union all
        select
            given_latin,
            false
        from names
        where family_latin is not null
    )
    group by word
),

-- a name whose parts both stand in the place where they are rare was written the other way round
reversed as (
    select names.profile_no
    from names
    inner join part_roles as family on names.family_latin = family.word
    inner join part_roles as given on names.given_latin = given.word
    where
        coalesce(names.name_script, '') <> 'han'
        and family.as_given > 2 * family.as_family
        and given.as_family > 2 * given.as_given
),

described as not materialized (
    select
        delivered.* replace (
            case when reversed.profile_no is null then delivered.family_name else delivered.given_name end as family_name,
            case when reversed.profile_no is null then delivered.given_name else delivered.family_name end as given_name,
            case when reversed.profile_no is null then delivered.family_latin else delivered.given_latin end as family_latin,
            case when reversed.profile_no is null then delivered.given_latin else delivered.family_latin end as given_latin,
            case when reversed.profile_no is null then delivered.family_phonetic else delivered.given_phonetic end
                as family_phonetic,
            case when reversed.profile_no is null then delivered.given_phonetic else delivered.family_phonetic end
                as given_phonetic,
            case when reversed.profile_no is null then delivered.given_roots else nickname_roots(delivered.family_latin) end
                as given_roots
        )
    from delivered
    left join reversed on delivered.profile_no = reversed.profile_no
),

-- what is counted
held as materialized (
    select
        profile_no,
        entity_type,
        name_tokens,
        address_line,
        {% for column in carriers.values() | sum(start=[]) | unique -%}
        {{ column }}
        {%- if not loop.last %},{% endif %}
        {% endfor %}
    from described
),

name_words as (
    select
        profile_no,
        entity_type,
        unnest(name_tokens) as token,
        generate_subscripts(name_tokens, 1) as place
    from held
),

word_carriers as (
    select
        entity_type,
        token,
        count(*) as profile_count
    from name_words
    group by entity_type, token
),

-- how many profiles carry each word of a name, in the order of the words
token_counts as (
    select
        words.profile_no,
        {{ counts_in_order('word_carriers.profile_count', 'words.place') }} as name_token_counts
    from name_words as words
    inner join word_carriers
        on words.entity_type = word_carriers.entity_type and words.token = word_carriers.token
    group by words.profile_no
),

firm_words as (
    select
        profile_no,
        unnest(organisation_words) as word,
        generate_subscripts(organisation_words, 1) as place
    from held
),

firm_word_carriers as (
    select
        word,
        count(*) as profile_count
    from firm_words
    group by word
),

firm_word_counts as (
    select
        words.profile_no,
        {{ counts_in_order('firm_word_carriers.profile_count', 'words.place') }} as firm_word_counts
    from firm_words as words
    inner join firm_word_carriers on words.word = firm_word_carriers.word
    group by words.profile_no
),

-- counted by group and joined: a window for each count would carry every column of every profile through a sort
{% for count, columns in carriers.items() -%}
{{ count }}s as (
    select
        entity_type,
        {{ columns | join(', ') }},
        {% if count == 'country_count' -%}
        -- of the profiles of the same country: who bears an English name does not live anywhere in the world
        count(coalesce(city, postcode, address_line)) as carriers
        {%- else -%}
        count(*) as carriers
        {%- endif %}
    from held
    where
        {{ columns | join(' is not null and ') }} is not null
        {%- if count == 'firm_count' %}
        and length(organisation_words) > 0
        {%- endif %}
    group by entity_type, {{ columns | join(', ') }}
)
{%- if not loop.last %},{% endif %}

{% endfor %}
select
    described.*,
    -- kinds of which one person has one as a rule; devices, handles and accounts of WeChat are had in numbers
    list_distinct(list_transform(
        list_filter(other_ids, lambda id: regexp_matches(id, '^(passport|member|ref|organisation):')),
        lambda id: regexp_replace(id, ':[^:]*$', '')
    )) as other_id_kinds,
    {{ western_given_name() }} as has_western_given,
    coalesce({{ is_pinyin('family_latin', 2) }}, false) as family_is_pinyin,
    coalesce({{ is_pinyin('given_latin', 3) }}, false) as given_is_pinyin,
    token_counts.name_token_counts,
    firm_word_counts.firm_word_counts,
    {% for count in carriers -%}
    {{ count }}s.carriers as {{ count }},
    {% endfor %}
    -- all that levels and blocking keys are made of; the counts above are not among it
    hash(*columns(described.* exclude (profile_no, record_count))) as content,
    {{ 'held_before.content_before is distinct from content' if before else 'true' }} as is_new
from described
{% if before -%}
left join held_before on described.profile_no = held_before.number_before
{% endif -%}
left join token_counts on described.profile_no = token_counts.profile_no
left join firm_word_counts on described.profile_no = firm_word_counts.profile_no
{% for count, columns in carriers.items() -%}
left join {{ count }}s
    on
        described.entity_type = {{ count }}s.entity_type
        {%- for column in columns %}
        and described.{{ column }} = {{ count }}s.{{ column }}
        {%- endfor %}
{% endfor %}
