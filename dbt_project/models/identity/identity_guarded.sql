with weighed as (
    {% for model in ['identity_match_weights', 'identity_closure_weights'] -%}
    select
        profile_a,
        profile_b,
        entity_type,
        match_weight,
        is_conflict,
        -- what the caps on contact data and birth date took away
        match_weight{% for guard in match_specification().guards %} - {{ guard.name }}_guard{% endfor %} as unguarded_weight
    from {{ ref(model) }}
    {% if not loop.last %}union all{% endif %}
    {% endfor %}
),

parted as (
    select
        weighed.*,
        a_components.component_no <> b_components.component_no as is_other_component,
        exists(
            select 1
            from {{ ref('identity_verdicts') }} as verdicts
            where
                verdicts.verdict = 'cannot_link'
                and verdicts.profile_a = weighed.profile_a
                and verdicts.profile_b = weighed.profile_b
        ) as is_forbidden
    from weighed
    inner join {{ ref('identity_clusters') }} as a_clusters on weighed.profile_a = a_clusters.profile_no
    inner join {{ ref('identity_clusters') }} as b_clusters on weighed.profile_b = b_clusters.profile_no
    inner join {{ ref('identity_components') }} as a_components on weighed.profile_a = a_components.profile_no
    inner join {{ ref('identity_components') }} as b_components on weighed.profile_b = b_components.profile_no
    where
        a_clusters.cluster_no <> b_clusters.cluster_no
        and weighed.unguarded_weight >= {{ match_setting('link_floor') }}
),

named as (
    select
        *,
        case
            when is_forbidden then 'cannot_link'
            when is_conflict then 'conflicting_ids'
            when match_weight < {{ match_setting('link_floor') }} then 'household'
            when is_other_component then 'component_size'
            else 'weak_bridge'
        end as guard
    from parted
)

select
    profile_a,
    profile_b,
    entity_type,
    guard,
    case guard
        when 'cannot_link' then 'A steward said that these are two'
        when 'conflicting_ids' then 'Two identity numbers, both with a valid checksum'
        when 'household' then 'Contact data and birth date agree, but given name, generation or birth date says another person'
        when 'component_size' then 'The component had too many members: the floor of its links rose above this one'
        else 'Too weak or too lonely among the other pairs of the two groups'
    end as reason,
    match_weight,
    unguarded_weight
from named
