{%- set lists = {'phone': 'phones', 'email': 'emails', 'other_id': 'other_ids'} -%}

with values_held as (
    {% for field, column in lists.items() %}
    select
        '{{ field }}' as field,
        entity_type,
        unnest({{ column }}) as value
    from {{ ref('identity_profiles') }}
    {% if not loop.last %}union all{% endif %}
    {% endfor %}
),

population as (
    select
        entity_type,
        count(*) as profile_count
    from {{ ref('identity_profiles') }}
    group by entity_type
)

select
    values_held.field,
    values_held.entity_type,
    values_held.value,
    count(*) as profile_count,
    greatest(count(*) - 1 - {{ match_setting('expected_duplicates') }}, 0.5)
    / greatest(any_value(population.profile_count) - 1, 1) as term_frequency
from values_held
inner join population
    on values_held.entity_type = population.entity_type
group by values_held.field, values_held.entity_type, values_held.value
