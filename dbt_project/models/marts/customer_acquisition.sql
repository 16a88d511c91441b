{#- What the house or others did to a customer (sends, bounces, suppressions, checks) is no touch by the customer. -#}
{{ config(meta={'dated_by': {'customer_timeline': 'occurred_at'}}) }}
with touches as (
    select
        timeline.customer_id,
        timeline.event_number,
        timeline.occurred_at,
        timeline.channel,
        timeline.source_system,
        timeline.campaign_id,
        sources.acquisition_mode,
        sources.vendor
    from {{ ref('customer_timeline') }} as timeline
    left join {{ ref('stg_sources') }} as sources on timeline.source_system = sources.source_system
    where
        timeline.occurred_at::date <= {{ as_of_date() }}
        and timeline.action not in ('campaign_send', 'held_out', 'bounce', 'coupon_issue')
        and timeline.kind not in ('suppression', 'verification')
),

outside as (
    select
        customer_id,
        min(occurred_at) as listed_at,
        count(distinct source_system)::integer as list_count
    from touches
    where acquisition_mode <> 'own'
    group by customer_id
)

select
    touches.customer_id,
    min(touches.occurred_at) as first_at,
    {% for column in ['channel', 'source_system', 'acquisition_mode', 'vendor'] -%}
    first(touches.{{ column }} order by touches.event_number) as first_{{ column }},
    {% endfor -%}
    arg_min(touches.campaign_id, touches.event_number) as first_campaign_id,
    max(touches.occurred_at) as last_at,
    last(touches.channel order by touches.event_number) as last_channel,
    last(touches.source_system order by touches.event_number) as last_source_system,
    arg_max(touches.campaign_id, touches.event_number) as last_campaign_id,
    count(*)::integer as touch_count,
    count(distinct touches.channel)::integer as channel_count,
    coalesce(any_value(outside.list_count), 0) as list_count,
    any_value(outside.listed_at) as first_listed_at
from touches
left join outside on touches.customer_id = outside.customer_id
group by touches.customer_id
