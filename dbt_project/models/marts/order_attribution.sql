{#-
    Campaign touches (sends that did not bounce, and responses) in the 30 days before an order share its value. An order
    without one is credited to nobody, so that each model adds up to the revenue.
-#}
with touches as (
    select
        customer_id,
        campaign_id,
        occurred_at,
        event_number
    from {{ ref('customer_timeline') }}
    where campaign_id is not null and action in ('campaign_send', 'campaign_response', 'coupon_redemption')
),

held_out as (
    select distinct
        xref.customer_id,
        interactions.campaign_id
    from {{ ref('stg_interactions') }} as interactions
    inner join {{ ref('customer_xref') }} as xref on interactions.record_id = xref.record_id
    where interactions.is_holdout
),

near as (
    select
        orders.order_id,
        touches.campaign_id,
        row_number() over (partition by orders.order_id order by touches.occurred_at, touches.event_number) as place,
        count(*) over (partition by orders.order_id) as touch_count
    from {{ ref('fct_orders') }} as orders
    inner join touches
        on
            orders.customer_id = touches.customer_id
            and orders.ordered_at >= touches.occurred_at
            and orders.ordered_at <= touches.occurred_at + interval 30 day
    left join held_out on touches.customer_id = held_out.customer_id and touches.campaign_id = held_out.campaign_id
    where held_out.customer_id is null
),

credited as (
    select
        order_id,
        campaign_id,
        sum(case when place = 1 then 1 else 0 end)::decimal(9, 6) as first_share,
        sum(case when place = touch_count then 1 else 0 end)::decimal(9, 6) as last_share,
        (count(*) / any_value(touch_count))::decimal(9, 6) as linear_share
    from near
    group by order_id, campaign_id
),

-- shares of thirds do not add up in decimals: the first campaign takes what is left of the cent
valued as (
    select
        credited.*,
        orders.customer_id,
        orders.ordered_at,
        orders.net_value,
        round(orders.net_value * credited.linear_share, 2) as linear_value,
        row_number() over (partition by credited.order_id order by credited.campaign_id) as campaign_place
    from credited
    inner join {{ ref('fct_orders') }} as orders on credited.order_id = orders.order_id
)

select
    order_id,
    campaign_id,
    customer_id,
    ordered_at,
    (net_value * first_share)::decimal(38, 2) as first_value,
    (net_value * last_share)::decimal(38, 2) as last_value,
    (
        linear_value
        + case
            when campaign_place = 1 then net_value - sum(linear_value) over (partition by order_id)
            else 0
        end
    )::decimal(38, 2) as linear_value
from valued

union all

select
    orders.order_id,
    'none' as campaign_id,
    orders.customer_id,
    orders.ordered_at,
    orders.net_value as first_value,
    orders.net_value as last_value,
    orders.net_value as linear_value
from {{ ref('fct_orders') }} as orders
where orders.order_id not in (select credited.order_id from credited)
