{#-
    Match weights in bits (log2 of the Bayes factor) for compared pairs, every part kept. An exact level is weighed by
    how common the shared value is (term frequency) instead of the field's average u.
-#}
{% macro weigh_pairs(comparisons) %}
with model as (
    select
        {% for field in match_fields() -%}
        list(weight order by level) filter (where field = '{{ field }}') as {{ field }}_weights,
        list(m order by level) filter (where field = '{{ field }}') as {{ field }}_m
        {%- if not loop.last %},{% endif %}
        {% endfor %}
    from {{ ref('identity_match_model') }}
),

population as (
    select
        profiles.entity_type,
        count(*) as profile_count,
        any_value(any_pair.m) * (count(*) - 1) as expected_duplicates,
        {% for column in [
            'family_count', 'given_count', 'name_count', 'full_name_count', 'birth_date_count', 'dwelling_count', 'city_count',
            'birth_place_count', 'occupation_count', 'organisation_count'
        ] -%}
        count(profiles.{{ column }}) as {{ column }}_known,
        {% endfor -%}
        greatest(count(profiles.postcode_count), count(profiles.district_count)) as area_count_known,
        count(*) filter (length(profiles.phones) > 0) as phone_known,
        count(*) filter (length(profiles.emails) > 0) as email_known,
        any_value(any_pair.weight) as prior_weight
    from {{ ref('identity_profiles') }} as profiles
    inner join {{ ref('identity_match_model') }} as any_pair
        on any_pair.field = 'any_pair' and profiles.entity_type = any_pair.label
    group by profiles.entity_type
),

fields as (
    select
        pairs.*,
        population.prior_weight,
        log2(model.family_m[5] * model.given_m[7])
        + {{ rarity_bits('pairs.name_count', 'least(model.family_m[5], model.given_m[7])', 'population.name_count_known') }}
            as both_names_weight,
        {% for field, counts in match_fields().items() -%}
        {{ field_weight(field, counts) }} as {{ field }}_weight
        {%- if not loop.last %},{% endif %}
        {% endfor %}
    from {{ comparisons }} as pairs
    inner join population on pairs.entity_type = population.entity_type
    cross join model
),

grouped as (
    select
        *,
        {{ name_weight() }} as name_weight,
        phone_weight + email_weight + address_weight
        + case when entity_type = 'person' then organisation_weight else 0 end as contact_evidence,
        case when entity_type = 'organisation' then organisation_weight else 0 end as organisation_name_weight,
        {{ has_identifier() }} as has_identifier,
        {{ name_contradicts() }} as name_contradicts,
        {{ birth_date_contradicts() }} as birth_date_contradicts
    from fields
),

capped as (
    select
        *,
        -- a household shares phone, mailbox and home: where the name or the birth date says no, they count for little
        case
            when name_contradicts or birth_date_contradicts
                then least(contact_evidence, {{ match_setting('contact_cap') }})
            else contact_evidence
        end as contact_weight
    from grouped
),

guarded as (
    select
        *,
        -- twins share the birth date as well
        case
            when name_contradicts and not has_identifier
                then least(birth_date_weight + contact_weight, {{ match_setting('contradiction_cap') }})
            else birth_date_weight + contact_weight
        end as birth_date_contact_weight
    from capped
),

added as (
    select
        *,
        name_weight + organisation_name_weight + birth_date_contact_weight + gender_weight
        + generation_weight + national_id_weight + other_id_weight + birth_place_weight + occupation_weight as evidence
    from guarded
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
    name_weight,
    contact_evidence,
    contact_weight,
    birth_date_contact_weight,
    prior_weight + evidence as match_weight,
    -- without a checksum an id may be a slip, or another paper's number
    coalesce(national_id_level = 0 and both_ids_checked, false) as is_conflict,
    -- little to compare says little, nothing to compare says nothing: the pair's part in the average of a cluster
    case
        when coalesce({% for field in match_fields() %}{{ field }}_level{% if not loop.last %}, {% endif %}{% endfor %}) is null
            then 0
        else greatest(least(abs(evidence) / greatest(5 - prior_weight, 1), 1), 0.05)
    end as vote
from added
{% endmacro %}
