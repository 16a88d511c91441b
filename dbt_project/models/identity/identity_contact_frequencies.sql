{%- set lists = {'phone': 'phones', 'email': 'emails', 'other_id': 'other_ids'} -%}

with values_held as (
    {% for field, column in lists.items() %}
    select
        '{{ field }}' as field,
        entity_type,
        unnest({{ column }}) as value,
        -- initials stand for the person: a slip of the pen seldom changes them
        coalesce(
            least(left(family_latin, 1), left(given_latin, 1)) || greatest(left(family_latin, 1), left(given_latin, 1)),
            left(full_key, 1), left(organisation_key, 2)
        ) as initials
    from {{ ref('identity_profiles') }}
    {% if not loop.last %}union all{% endif %}
    {% endfor %}
)

select
    field,
    entity_type,
    value,
    count(*) as profile_count,
    -- profiles that another person shares the value with: none where all seem to be one person
    count(*) * (1 - 1 / greatest(count(distinct initials), 1)) as stranger_count
from values_held
group by field, entity_type, value
