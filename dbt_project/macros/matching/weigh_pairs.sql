{#-
    Match weights in bits (log2 of the Bayes factor) for compared pairs, every part kept: prior, fields, the correction of the name
    (its parts and its words repeat each other) and what each guard took away add up to match_weight.
-#}
{% macro weigh_pairs(comparisons) %}
{%- set specification = match_specification() -%}
{%- set name_fields = ['family', 'given', 'middle', 'full_name'] -%}
with model as (
    select
        {% for field in match_fields() -%}
        list(weight order by level) filter (where field = '{{ field }}') as {{ field }}_weights,
        list(m order by level) filter (where field = '{{ field }}') as {{ field }}_m
        {%- if not loop.last %},{% endif %}
        {% endfor %}
        {%- if not execute %}1{% endif %}
    from {{ ref('identity_match_model') }}
),

reliefs as (
    select
        {% for relief in specification.reliefs -%}
        coalesce(max(weight) filter (where field = 'relief' and label = '{{ relief.name }}'), 0) as {{ relief.name }}_bits
        {%- if not loop.last %},{% endif %}
        {% endfor %}
        {%- if not execute %}1{% endif %}
    from {{ ref('identity_match_model') }}
),

population as (
    select
        profiles.entity_type,
        count(*) as profile_count,
        any_value(any_pair.m) * (count(*) - 1) as expected_duplicates,
        {% for column in [
            'family_count', 'given_count', 'name_count', 'full_name_count', 'birth_date_count', 'dwelling_count', 'city_count',
            'birth_place_count', 'occupation_count', 'organisation_count', 'firm_count'
        ] -%}
        count(profiles.{{ column }}) as {{ column }}_known,
        {% endfor -%}
        greatest(count(profiles.postcode_count), count(profiles.district_count)) as area_count_known,
        count(*) filter (length(profiles.phones) > 0) as phone_known,
        count(*) filter (length(profiles.emails) > 0) as email_known,
        count(profiles.national_id) as national_id_known,
        count(*) filter (length(profiles.other_ids) > 0) as other_id_known,
        count(*) filter (length(profiles.phones) > 0) as switchboard_known,
        count(*) filter (length(profiles.mail_domains) > 0) as mail_domain_known,
        any_value(any_pair.weight) + {{ match_setting('calibration') }} as prior_weight
    from {{ ref('identity_profiles') }} as profiles
    inner join {{ ref('identity_match_model') }} as any_pair
        on any_pair.field = 'any_pair' and profiles.entity_type = any_pair.label
    group by profiles.entity_type
),

-- of contacts that several share: on how many there are strangers?
shared as (
    select
        entity_type,
        {% for field, of in {
            'phone': 'phone', 'email': 'email', 'national_id': 'national_id', 'other_id': 'other_id', 'switchboard': 'phone', 'mail_domain': 'domain'
        }.items() -%}
        (count(*) filter (field = '{{ of }}' and stranger_count > 0) + 1.0)
        / (count(*) filter (field = '{{ of }}' and profile_count > 1) + 4.0) as {{ field }}_shared
        {%- if not loop.last %},{% endif %}
        {% endfor %}
    from {{ ref('identity_contact_frequencies') }}
    group by entity_type
),

fields as (
    select
        pairs.*,
        population.prior_weight,
        log2(model.family_m[-1] * model.given_m[-1])
        + {{ rarity_bits('pairs.name_count', 'least(model.family_m[-1], model.given_m[-1])', 'population.name_count_known', match_setting('namesakes_left')) }}
            as both_names_weight,
        {{ relief_bits() }} as relief,
        {% for comparison in specification.comparisons -%}
        {{ field_weight(comparison) }} as {{ comparison.field }}_weight
        {%- if not loop.last %},{% endif %}
        {% endfor %}
    from {{ comparisons }} as pairs
    inner join population on pairs.entity_type = population.entity_type
    left join shared on pairs.entity_type = shared.entity_type
    cross join model
    cross join reliefs
),

corrected as (
    select
        *,
        {{ name_weight() }} - ({{ name_fields | join('_weight + ') }}_weight) as name_correction
    from fields
),

{% for guard in specification.guards -%}
guarded_{{ loop.index }} as (
    select
        *,
        {{ guard_weight(guard) }} as {{ guard.name }}_guard
    from {{ 'corrected' if loop.first else 'guarded_' ~ loop.index0 }}
),

{% endfor -%}

added as (
    select
        *,
        name_correction
        {%- for comparison in specification.comparisons %} + {{ comparison.field }}_weight{% endfor %}
        {%- for guard in specification.guards %} + {{ guard.name }}_guard{% endfor %} as evidence
    from {{ 'guarded_' ~ specification.guards | length if specification.guards else 'corrected' }}
)

select
    profile_a,
    profile_b,
    entity_type,
    is_swapped,
    {% for field in match_fields() -%}
    {{ field }}_level,
    {{ field }}_weight,
    {% endfor -%}
    prior_weight,
    name_correction,
    {% for guard in specification.guards -%}
    {{ guard.name }}_guard,
    {% endfor -%}
    prior_weight + evidence as match_weight,
    -- without a checksum an id may be a slip, or another paper's number
    {{ match_fact('national_id:different and both_ids_checked') }} as is_conflict,
    -- little to compare says little, nothing to compare says nothing: the pair's part in the average of a cluster
    case
        when coalesce({% for field in match_fields() %}{{ field }}_level, {% endfor %}null) is null then 0
        else greatest(least(abs(evidence) / greatest(5 - prior_weight, 1), 1), 0.05)
    end as vote
from added
{% endmacro %}
