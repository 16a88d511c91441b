{#-
    Comparison levels and the frequency of what is shared, for a relation of (profile_a, profile_b). Candidate pairs and
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
        case when is_swapped then b.family_latin else b.given_root end as b_given_root,
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
        {{ birth_date_level() }} as birth_date_level,
        case when a.sex is null or b.sex is null then null when a.sex = b.sex then 1 else 0 end as gender_level,
        {{ national_id_level() }} as national_id_level,
        case when length(shared_ids) > 0 then 1 end as other_id_level,
        {{ phone_level() }} as phone_level,
        {{ email_level() }} as email_level,
        {{ address_level() }} as address_level,
        {{ similar_text_level('birth_place', 0.9) }} as birth_place_level,
        case when a.occupation is null or b.occupation is null then null when a.occupation = b.occupation then 1 else 0
        end as occupation_level,
        {{ similar_text_level('organisation_key', 0.92) }} as organisation_level,
        a.family_tf,
        a.given_tf,
        a.full_name_tf,
        a.birth_date_tf,
        a.national_id_tf,
        a.dwelling_tf,
        case when a.postcode = b.postcode then a.postcode_tf else a.district_tf end as area_tf,
        a.city_tf,
        a.birth_place_tf,
        a.occupation_tf,
        a.organisation_tf,
        a.name_script = 'han' and b.name_script = 'han' as both_han
    from turned
)

select
    compared.*,
    phone_frequency.term_frequency as phone_tf,
    email_frequency.term_frequency as email_tf,
    id_frequency.term_frequency as other_id_tf
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
