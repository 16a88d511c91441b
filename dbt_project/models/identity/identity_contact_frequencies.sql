{%- set lists = {
    'phone': 'phones', 'email': 'emails', 'other_id': 'other_ids', 'national_id': '[national_id]', 'domain': 'mail_domains'
} -%}

with values_held as (
    {% for field, column in lists.items() %}
    select
        '{{ field }}' as field,
        entity_type,
        unnest({{ column }}) as value,
        -- initials stand for the person: a slip of the pen seldom changes them; of half a name they say nothing
        case
            when family_latin is not null and given_latin is not null and not {{ western_given_name() }}
                then least(left(family_latin, 1), left(given_latin, 1)) || greatest(left(family_latin, 1), left(given_latin, 1))
            -- firms are told apart by the house: a switchboard that twenty branches share has twenty
            when entity_type = 'organisation' then house_number || left(street, 2)
        end as initials
    from {{ ref('identity_profiles') }}
    {% if field == 'national_id' %}where national_id is not null{% endif %}
    {% if not loop.last %}union all{% endif %}
    {% endfor %}
),

by_initials as (
    select
        field,
        entity_type,
        value,
        initials,
        count(*) as carriers
    from values_held
    group by field, entity_type, value, initials
)

select
    field,
    entity_type,
    value,
    sum(carriers)::bigint as profile_count,
    -- named carriers beside those of the commonest initials; none where these are nearly all: a slip, a nickname or a
    -- married name is likelier then than a stranger
    case
        when max(carriers) filter (where initials is not null) < 0.75 * sum(carriers) filter (where initials is not null)
            then sum(carriers) filter (where initials is not null) - max(carriers) filter (where initials is not null)
        else 0
    end::double as stranger_count
from by_initials
group by field, entity_type, value
