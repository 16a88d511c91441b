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
        {% for column, other in turned_columns().items() -%}
        case when is_swapped then {{ 'b.' ~ other if other else '[b.family_latin]' }} else b.{{ column }} end as b_{{ column }},
        {% endfor -%}
        list_sort(list_intersect(a.phones, b.phones)) as shared_phones,
        list_sort(list_intersect(a.emails, b.emails)) as shared_emails,
        list_sort(list_intersect(a.mail_domains, b.mail_domains))[1] as shared_domain,
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
        shared_domain,
        shared_emails[1] as shared_email,
        shared_ids[1] as shared_id,
        case when a.national_id = b.national_id then a.national_id end as shared_national_id,
        {% for comparison in match_specification().comparisons -%}
        {{ comparison_level(comparison) }} as {{ comparison.field }}_level,
        {% endfor -%}
        {{ shared_counts() }}
    from turned
)

select
    compared.*,
    phone_frequency.stranger_count as phone_strangers,
    email_frequency.stranger_count as email_strangers,
    id_frequency.profile_count as other_id_count,
    id_frequency.stranger_count as other_id_strangers,
    national_frequency.stranger_count as national_id_strangers,
    domain_frequency.stranger_count as domain_strangers
from compared
{% for alias, field, column in [
    ('phone_frequency', 'phone', 'shared_phone'), ('email_frequency', 'email', 'shared_email'),
    ('id_frequency', 'other_id', 'shared_id'), ('national_frequency', 'national_id', 'shared_national_id'),
    ('domain_frequency', 'domain', 'shared_domain')
] %}
left join {{ ref('identity_contact_frequencies') }} as {{ alias }}
    on
        {{ alias }}.field = '{{ field }}'
        and compared.entity_type = {{ alias }}.entity_type
        and compared.{{ column }} = {{ alias }}.value
{% endfor %}
{% endmacro %}

{#- How many profiles carry what both sides have; the rarer of two spellings, since a slip of the pen is rare, a name of its own is not. -#}
{% macro shared_counts() -%}
        case
            when full_name_level >= {{ level_number('full_name', 'overlapping') }}
                then list_transform(
                    list_intersect(a.name_tokens, b.name_tokens),
                    lambda token: a.name_token_counts[list_position(a.name_tokens, token)]
                )
        end as shared_token_counts,
        case
            when firm_name_level = {{ level_number('firm_name', 'some_words') }}
                then list_transform(
                    list_intersect(a.organisation_words, b.organisation_words),
                    lambda word: a.firm_word_counts[list_position(a.organisation_words, word)]
                )
        end as shared_firm_word_counts,
        a.firm_count,
        case when length(a.organisation_words) <= length(b.organisation_words) then a.firm_count else b.firm_count end
            as shorter_firm_count,
        a.national_id_is_checked and b.national_id_is_checked as both_ids_checked,
        a.family_count,
        a.given_count,
        {% for part, other in [('family', 'given'), ('given', 'family')] -%}
        case when {{ part }}_level between {{ level_number(part, 'loosely_similar') }} and {{ level_number(part, 'similar') }}
            then least(a.{{ part }}_count, case when is_swapped then b.{{ other }}_count else b.{{ part }}_count end)
        end as {{ part }}_slip_count,
        {% endfor -%}
        a.full_name_count,
        case
            when
                family_level = {{ level_number('family', 'same') }} and given_level = {{ level_number('given', 'same') }}
                and not is_swapped then a.name_count
        end as name_count,
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
{%- endmacro %}

{#- The number of a level; 0 while dbt parses. -#}
{% macro level_number(field, level) -%}
    {{ level_numbers(match_comparison(field))[level] if execute else 0 }}
{%- endmacro %}

{#- Characters are compared as characters: many share one reading. -#}
{% macro part_likeness(x, y) -%}
    coalesce(
        case
            when a.name_script = 'han' and b.name_script = 'han' then (a.{{ x }}_name = b.{{ y }}_name)::double
            else jaro_winkler_similarity(a.{{ x }}_latin, b.{{ y }}_latin)
        end,
        0
    )
{%- endmacro %}

{#- The parts fit better the other way round; a name of one part only is held against both parts of the other. -#}
{% macro names_swapped() -%}
    {%- set order = match_specification().name_order or {'likeness': 0, 'margin': 0} -%}
    (
        greatest({{ part_likeness('family', 'given') }}, {{ part_likeness('given', 'family') }}) >= {{ order.likeness }}
        and {{ part_likeness('family', 'given') }} + {{ part_likeness('given', 'family') }}
        > {{ part_likeness('family', 'family') }} + {{ part_likeness('given', 'given') }} + {{ order.margin }}
    )
{%- endmacro %}
