{#-
    How far people went: of each campaign those who were sent it and not held out, in the 30 days after their first message (a
    response names its campaign and counts whenever it came), and of each channel those who first touched us there, up to the
    as-of date. Whoever is seen at a stage has passed those before it, seen or not: an order in a shop needs no visit to the
    site. So no stage has more customers than the one before, and everybody stands in one channel and month of a campaign.
-#}
{%- set stages = ['reached', 'responded', 'visited', 'registered', 'ordered', 'repeated'] -%}
with held_out as (
    select distinct
        xref.customer_id,
        interactions.campaign_id
    from {{ ref('stg_interactions') }} as interactions
    inner join {{ ref('customer_xref') }} as xref on interactions.record_id = xref.record_id
    where interactions.is_holdout and interactions.occurred_at::date <= {{ as_of_date() }}
),

reached as (
    select
        'campaign' as funnel,
        sent.campaign_id,
        sent.customer_id,
        arg_min(sent.channel, sent.event_number) as channel,
        min(sent.occurred_at) as started_at,
        min(sent.occurred_at) + interval 30 day as ended_at
    from {{ ref('customer_timeline') }} as sent
    left join held_out on sent.customer_id = held_out.customer_id and sent.campaign_id = held_out.campaign_id
    where
        sent.action = 'campaign_send' and sent.campaign_id is not null and sent.occurred_at::date <= {{ as_of_date() }}
        and held_out.customer_id is null
    group by sent.campaign_id, sent.customer_id
    union all
    select
        'channel' as funnel,
        null as campaign_id,
        customer_id,
        first_channel as channel,
        first_at as started_at,
        ({{ as_of_date() }} + 1)::timestamp - interval 1 microsecond as ended_at
    from {{ ref('customer_acquisition') }}
),

acts as (
    select
        customer_id,
        campaign_id,
        occurred_at,
        case
            when action in ('web_visit', 'app_event') then 'visited'
            when action = 'campaign_response' then 'responded'
            when action in ('survey_response', 'coupon_redemption') then 'answered'
            else action
        end as stage
    from {{ ref('customer_timeline') }}
    where
        action in ('web_visit', 'app_event', 'registered', 'survey_response', 'coupon_redemption')
        or (action = 'campaign_response' and occurred_at::date <= {{ as_of_date() }})
    union all
    select
        customer_id,
        null as campaign_id,
        ordered_at as occurred_at,
        'ordered' as stage
    from {{ ref('fct_orders') }}
    where customer_id is not null and not is_return
),

seen as (
    select
        reached.funnel,
        reached.campaign_id,
        reached.channel,
        reached.customer_id,
        any_value(reached.started_at) as started_at,
        coalesce(bool_or(case
            when reached.funnel = 'campaign' then acts.stage = 'responded' and reached.campaign_id = acts.campaign_id
            else acts.stage in ('responded', 'answered') and acts.occurred_at between reached.started_at and reached.ended_at
        end), false) as has_responded,
        coalesce(bool_or(
            acts.stage = 'visited' and acts.occurred_at between reached.started_at and reached.ended_at
        ), false) as has_visited,
        coalesce(bool_or(
            acts.stage = 'registered' and acts.occurred_at between reached.started_at and reached.ended_at
        ), false) as has_registered,
        count(*) filter (
            where acts.stage = 'ordered' and acts.occurred_at between reached.started_at and reached.ended_at
        ) as orders
    from reached
    left join acts on reached.customer_id = acts.customer_id
    group by reached.funnel, reached.campaign_id, reached.channel, reached.customer_id
),

told as (
    select
        funnel,
        campaign_id,
        channel,
        date_trunc('month', started_at)::date as period,
        [true, has_responded, has_visited, has_registered, orders >= 1, orders >= 2] as flags
    from seen
),

staged as (
    select
        funnel,
        campaign_id,
        channel,
        period,
        unnest({{ range(1, stages | length + 1) | list }}) as stage_number,
        flags
    from told
),

counted as (
    select
        funnel,
        campaign_id,
        channel,
        period,
        stage_number,
        count(*) filter (where list_contains(flags[stage_number:], true)) as customers,
        count(*) filter (where flags[stage_number]) as seen_customers
    from staged
    group by funnel, campaign_id, channel, period, stage_number
)

select
    funnel,
    campaign_id,
    channel,
    period,
    stage_number::integer as stage_number,
    {{ stages }}[stage_number] as stage,
    customers::integer as customers,
    seen_customers::integer as seen_customers,
    (customers / max(customers) over one_funnel)::decimal(5, 4) as share_of_reached,
    (customers / nullif(lag(customers) over (
        partition by funnel, campaign_id, channel, period order by stage_number
    ), 0))::decimal(5, 4) as share_of_previous
from counted
window one_funnel as (partition by funnel, campaign_id, channel, period)
