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
        entity_type,
        log2({{ match_setting('expected_duplicates') }} / greatest(count(*) - 1, 1)) as prior_weight
    from {{ ref('identity_profiles') }}
    group by entity_type
),

fields as (
    select
        pairs.*,
        population.prior_weight,
        {% for field, frequencies in match_fields().items() -%}
        coalesce(case
            {% for level, frequency in frequencies.items() -%}
            when pairs.{{ field }}_level = {{ level }} and pairs.{{ frequency }} is not null
                then log2(model.{{ field }}_m[{{ level + 1 }}] / pairs.{{ frequency }})
            {% endfor -%}
            when pairs.{{ field }}_level is not null then model.{{ field }}_weights[pairs.{{ field }}_level + 1]
        end, 0) as {{ field }}_weight
        {%- if not loop.last %},{% endif %}
        {% endfor %}
    from {{ comparisons }} as pairs
    inner join population on pairs.entity_type = population.entity_type
    cross join model
),

grouped as (
    select
        *,
        -- two views of one name: the better one counts, never both; and a name alone, however rare, is no match
        least(
            case
                when full_name_level is null then family_weight + given_weight - is_swapped::integer
                else greatest(family_weight + given_weight - is_swapped::integer, full_name_weight)
            end,
            -- and half a name proves less: another family name or given name asks for more evidence beside it
            -prior_weight - case when family_level = 0 or given_level = 0 then 5 else 1 end
        ) as name_weight,
        phone_weight + email_weight + address_weight
        + case when entity_type = 'person' then organisation_weight else 0 end as contact_evidence,
        case when entity_type = 'organisation' then organisation_weight else 0 end as organisation_name_weight,
        coalesce(national_id_level in (1, 2, 3), false) or coalesce(other_id_level = 1, false) as has_identifier,
        -- siblings often share one of two characters
        coalesce(given_level = 0 or (given_level = 1 and both_han), false)
        or coalesce(entity_type = 'organisation' and organisation_level = 0, false) as name_contradicts,
        coalesce(birth_date_level = 0, false) as birth_date_contradicts
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
    prior_weight + name_weight + organisation_name_weight + birth_date_contact_weight + gender_weight
    + national_id_weight + other_id_weight + birth_place_weight + occupation_weight as match_weight,
    coalesce(national_id_level = 0, false) as is_conflict,
    -- nothing to compare says nothing: such a pair has no part in the average of a cluster
    coalesce({% for field in match_fields() %}{{ field }}_level{% if not loop.last %}, {% endif %}{% endfor %})
    is not null as is_informative
from guarded
{% endmacro %}
