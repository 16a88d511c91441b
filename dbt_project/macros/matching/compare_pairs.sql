{#-
    Comparison levels and how many profiles carry what is shared, for a relation of (profile_a, profile_b). Candidate pairs and
    the pairs that close a component go through this same macro, so that they cannot disagree.

    Columns of the two profiles are a_ and b_ with the name of the column, plain: a whole profile as a struct would be copied
    for each pair.

    Where the model has rows of the build before, levels of pairs of which neither profile is new are taken from there, and only
    what is counted is counted again.
-#}
{% macro compare_pairs(pairs) %}
{%- set before = rows_before() -%}
{%- set levels = [
    'profile_a', 'profile_b', 'entity_type', 'is_swapped', 'shared_phone', 'shared_domain', 'shared_email', 'shared_id',
    'shared_national_id'
] -%}
{%- for field in match_fields() -%}{%- do levels.append(field ~ '_level') -%}{%- endfor -%}
with {% if before -%}
renewed as (
    select profile_no
    from {{ ref('identity_profiles') }}
    where is_new
),

asked as materialized (
    {{ pairs_to_compare(pairs, before) }}
),

{% endif -%}
aligned as (
    select
        pairs.profile_a,
        pairs.profile_b,
        a.*,
        b.*,
        {{ names_swapped() }} as is_swapped
    from {{ 'asked' if before else pairs }} as pairs
    {{ profiles_of_pairs('asked' if before else pairs) }}
    where a_entity_type = b_entity_type
),

turned as (
    select
        * replace (
            {% for column, other in turned_columns().items() -%}
            case when is_swapped then {{ 'b_' ~ other if other else '[b_family_latin]' }} else b_{{ column }} end as b_{{ column }}
            {%- if not loop.last %},{% endif %}
            {% endfor %}
        ),
        list_sort(list_intersect(a_phones, b_phones)) as shared_phones,
        list_sort(list_intersect(a_emails, b_emails)) as shared_emails,
        list_sort(list_intersect(a_mail_domains, b_mail_domains))[1] as shared_domain,
        list_sort(list_intersect(a_other_ids, b_other_ids)) as shared_ids
    from aligned
),

compared as (
    select
        profile_a,
        profile_b,
        a_entity_type as entity_type,
        is_swapped,
        shared_phones[1] as shared_phone,
        shared_domain,
        shared_emails[1] as shared_email,
        shared_ids[1] as shared_id,
        case when a_national_id = b_national_id then a_national_id end as shared_national_id,
        {% for comparison in match_specification().comparisons -%}
        {{ comparison_level(comparison) }} as {{ comparison.field }}_level,
        {% endfor -%}
        {{ shared_counts() }}
    from turned
    {% if before -%}
    union all by name
    select
        {{ levels | join(', ') }},
        {{ shared_counts() }}
    from (
        select {{ levels | join(', ') }}
        from {{ before }} as known
        semi join {{ pairs }} as pairs on known.profile_a = pairs.profile_a and known.profile_b = pairs.profile_b
        {{ without_renewed() }}
    ) as pairs
    {{ profiles_of_pairs(pairs) }}
    {% endif %}
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

{#- Profiles of both sides of `pairs`, their columns as a_ and b_; those in no pair, often most, are not carried into the join. -#}
{% macro profiles_of_pairs(pairs) -%}
    {% for side in ['a', 'b'] -%}
    inner join (
        select columns(*) as "{{ side }}_\0"
        from {{ ref('identity_profiles') }}
        where profile_no in (select profile_{{ side }} from {{ pairs }})
    ) as {{ side }} on pairs.profile_{{ side }} = {{ side }}_profile_no
    {% endfor -%}
{%- endmacro %}

{#- Of `pairs` those that the build before did not compare, or compared when one of the two read otherwise. -#}
{% macro pairs_to_compare(pairs, before) -%}
        select pairs.profile_a, pairs.profile_b
        from {{ pairs }} as pairs
        anti join (
            select profile_a, profile_b
            from {{ before }} as known
            {{ without_renewed() }}
        ) as known on pairs.profile_a = known.profile_a and pairs.profile_b = known.profile_b
{%- endmacro %}

{#- Leaves out pairs `known` of which a profile is new, or reads otherwise than in the build before. -#}
{% macro without_renewed() -%}
            {% for side in ['a', 'b'] -%}
            anti join renewed as renewed_{{ side }} on known.profile_{{ side }} = renewed_{{ side }}.profile_no
            {% endfor -%}
{%- endmacro %}

{#- How many profiles carry what both sides have; the rarer of two spellings, since a slip of the pen is rare, a name of its own is not. -#}
{% macro shared_counts() -%}
        case
            when full_name_level >= {{ level_number('full_name', 'overlapping') }}
                then list_transform(
                    list_intersect(a_name_tokens, b_name_tokens),
                    lambda token: a_name_token_counts[list_position(a_name_tokens, token)]
                )
        end as shared_token_counts,
        case
            when firm_name_level = {{ level_number('firm_name', 'some_words') }}
                then list_transform(
                    list_intersect(a_organisation_words, b_organisation_words),
                    lambda word: a_firm_word_counts[list_position(a_organisation_words, word)]
                )
        end as shared_firm_word_counts,
        a_firm_count as firm_count,
        case when length(a_organisation_words) <= length(b_organisation_words) then a_firm_count else b_firm_count end
            as shorter_firm_count,
        a_national_id_is_checked and b_national_id_is_checked as both_ids_checked,
        a_family_count as family_count,
        a_given_count as given_count,
        {% for part, other in [('family', 'given'), ('given', 'family')] -%}
        case when {{ part }}_level between {{ level_number(part, 'loosely_similar') }} and {{ level_number(part, 'similar') }}
            then least(a_{{ part }}_count, case when is_swapped then b_{{ other }}_count else b_{{ part }}_count end)
        end as {{ part }}_slip_count,
        {% endfor -%}
        a_full_name_count as full_name_count,
        case
            when
                family_level = {{ level_number('family', 'same') }} and given_level = {{ level_number('given', 'same') }}
                and not is_swapped then a_name_count
        end as name_count,
        a_birth_date_count as birth_date_count,
        a_national_id_count as national_id_count,
        a_dwelling_count as dwelling_count,
        case when a_postcode = b_postcode then a_postcode_count else a_district_count end as area_count,
        a_city_count as city_count,
        case when a_country = b_country then a_country_count end as country_count,
        a_birth_place_count as birth_place_count,
        a_occupation_count as occupation_count,
        a_organisation_count as organisation_count,
        a_name_script = 'han' and b_name_script = 'han' as both_han
{%- endmacro %}

{#- The number of a level; 0 while dbt parses. -#}
{% macro level_number(field, level) -%}
    {{ level_numbers(match_comparison(field))[level] if execute else 0 }}
{%- endmacro %}

{#- Characters are compared as characters: many share one reading. -#}
{% macro part_likeness(x, y) -%}
    coalesce(
        case
            when a_name_script = 'han' and b_name_script = 'han' then (a_{{ x }}_name = b_{{ y }}_name)::double
            else jaro_winkler_similarity(a_{{ x }}_latin, b_{{ y }}_latin)
        end,
        0
    )
{%- endmacro %}

{#-
    The parts fit better the other way round; a name of one part only is held against both parts of the other. Few pairs are like
    enough across parts to be looked at further.
-#}
{% macro names_swapped() -%}
    {%- set order = match_specification().name_order or {'likeness': 0, 'margin': 0} -%}
    case
        when greatest({{ part_likeness('family', 'given') }}, {{ part_likeness('given', 'family') }}) >= {{ order.likeness }}
            then
                {{ part_likeness('family', 'given') }} + {{ part_likeness('given', 'family') }}
                > {{ part_likeness('family', 'family') }} + {{ part_likeness('given', 'given') }} + {{ order.margin }}
        else false
    end
{%- endmacro %}
