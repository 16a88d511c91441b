{#-
    Comparison levels and how many profiles carry what is shared, for a relation of (profile_a, profile_b). Candidate pairs and
    the pairs that close a component go through this same macro, so that they cannot disagree.
-#}
{% macro compare_pairs(pairs) %}
with aligned as (
    select
        pairs.profile_a,
        pairs.profile_b,
        a,
        b,
        {{ names_swapped() }} as is_swapped
    from {{ pairs }} as pairs
    inner join {{ ref('identity_profiles') }} as a on pairs.profile_a = a.profile_no
    inner join {{ ref('identity_profiles') }} as b on pairs.profile_b = b.profile_no
    where a.entity_type = b.entity_type
),

turned as (
    select
        *,
        case when is_swapped then b.given_name else b.family_name end as b_family_name,
        case when is_swapped then b.family_name else b.given_name end as b_given_name,
        case when is_swapped then b.given_latin else b.family_latin end as b_family_latin,
        case when is_swapped then b.family_latin else b.given_latin end as b_given_latin,
        case when is_swapped then b.given_phonetic else b.family_phonetic end as b_family_phonetic,
        case when is_swapped then b.family_phonetic else b.given_phonetic end as b_given_phonetic,
        case when is_swapped then [b.family_latin] else b.given_roots end as b_given_roots,
        list_sort(list_intersect(a.phones, b.phones)) as shared_phones,
        list_sort(list_intersect(a.emails, b.emails)) as shared_emails,
        list_sort(list_intersect(a.other_ids, b.other_ids)) as shared_ids
    from aligned
),

compared as (
    select
        profile_a,
        profile_b,
        a.entity_type as entity_type,
        is_swapped,
        shared_phones[1] as shared_phone,
        shared_emails[1] as shared_email,
        shared_ids[1] as shared_id,
        {{ family_level() }} as family_level,
        {{ given_level() }} as given_level,
        {{ full_name_level() }} as full_name_level,
        case
            when {{ full_name_level() }} in (1, 2)
                then list_transform(
                    list_intersect(a.name_tokens, b.name_tokens),
                    lambda token: a.name_token_counts[list_position(a.name_tokens, token)]
                )
        end as shared_token_counts,
        {{ birth_date_level() }} as birth_date_level,
        case when a.sex is null or b.sex is null then null when a.sex = b.sex then 1 else 0 end as gender_level,
        (a.name_generation = b.name_generation)::integer as generation_level,
        {{ national_id_level() }} as national_id_level,
        case when length(shared_ids) > 0 then 1 end as other_id_level,
        {{ phone_level() }} as phone_level,
        {{ email_level() }} as email_level,
        {{ address_level() }} as address_level,
        {{ similar_text_level('birth_place', 0.9) }} as birth_place_level,
        case when a.occupation is null or b.occupation is null then null when a.occupation = b.occupation then 1 else 0
        end as occupation_level,
        {{ similar_text_level('organisation_key', 0.92) }} as organisation_level,
        a.national_id_is_checked and b.national_id_is_checked as both_ids_checked,
        a.family_count,
        a.given_count,
        -- the rarer of two spellings: a slip of the pen is rare, a name of its own is not
        case when family_level in (1, 2) then least(a.family_count, case when is_swapped then b.given_count else b.family_count end)
        end as family_slip_count,
        case when given_level in (1, 2) then least(a.given_count, case when is_swapped then b.family_count else b.given_count end)
        end as given_slip_count,
        a.full_name_count,
        case when family_level = 4 and given_level = 6 and not is_swapped then a.name_count end as name_count,
        a.birth_date_count,
        a.national_id_count,
        a.dwelling_count,
        case when a.postcode = b.postcode then a.postcode_count else a.district_count end as area_count,
        a.city_count,
        case when a.country = b.country then a.country_count end as country_count,
        a.birth_place_count,
        a.occupation_count,
        a.organisation_count,
        a.name_script = 'han' and b.name_script = 'han' as both_han
    from turned
)

select
    compared.*,
    phone_frequency.stranger_count as phone_strangers,
    email_frequency.stranger_count as email_strangers,
    id_frequency.profile_count as other_id_count
from compared
{% for alias, field, column in [
    ('phone_frequency', 'phone', 'shared_phone'), ('email_frequency', 'email', 'shared_email'),
    ('id_frequency', 'other_id', 'shared_id')
] %}
left join {{ ref('identity_contact_frequencies') }} as {{ alias }}
    on
        {{ alias }}.field = '{{ field }}'
        and compared.entity_type = {{ alias }}.entity_type
        and compared.{{ column }} = {{ alias }}.value
{% endfor %}
{% endmacro %}
