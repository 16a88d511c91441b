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
)

select
    field,
    entity_type,
    value,
    count(*) as profile_count
from values_held
group by field, entity_type, value
