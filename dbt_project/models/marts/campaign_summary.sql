{{ config(meta={'dated_by': {'stg_interactions': 'occurred_at'}}) }}
with acts as (
    select
        interactions.campaign_id,
        xref.customer_id,
        interactions.interaction_type,
        coalesce(interactions.is_holdout, false) as is_holdout,
        interactions.occurred_at
    from {{ ref('stg_interactions') }} as interactions
    inner join {{ ref('customer_xref') }} as xref on interactions.record_id = xref.record_id
    where interactions.campaign_id is not null and interactions.occurred_at::date <= {{ as_of_date() }}
),

-- a customer held out once is held out of the whole campaign
members as (
    select
        campaign_id,
        customer_id,
        bool_or(is_holdout) as is_holdout,
        min(occurred_at) filter (where interaction_type = 'campaign_send') as started_at,
        count(*) filter (where interaction_type = 'campaign_send' and not is_holdout) as sends,
        count(*) filter (where interaction_type = 'bounce') as bounces,
        count(*) filter (where interaction_type = 'campaign_response') as responses,
        count(*) filter (where interaction_type = 'coupon_redemption') as redemptions
    from acts
    group by campaign_id, customer_id
),

converted as (
    select
        members.*,
        exists(
            select 1
            from {{ ref('fct_orders') }} as orders
            where
                members.customer_id = orders.customer_id
                and not orders.is_return
                and orders.ordered_at >= members.started_at
                and orders.ordered_at <= members.started_at + interval 30 day
        ) as has_bought
    from members
),

counted as (
    select
        campaign_id,
        min(started_at) as first_send_at,
        count(*) filter (where sends > 0 and not is_holdout) as sent_customers,
        sum(sends) filter (where not is_holdout) as send_count,
        sum(bounces) as bounce_count,
        count(*) filter (where responses > 0 and not is_holdout) as responding_customers,
        count(*) filter (where redemptions > 0 and not is_holdout) as redeeming_customers,
        count(*) filter (where sends > 0 and not is_holdout and has_bought) as buying_customers,
        count(*) filter (where is_holdout and started_at is not null) as holdout_customers,
        count(*) filter (where is_holdout and has_bought) as holdout_buying_customers
    from converted
    group by campaign_id
),

credited as (
    select
        campaign_id,
        sum(first_value) as first_value,
        sum(last_value) as last_value,
        sum(linear_value) as linear_value
    from {{ ref('order_attribution') }}
    group by campaign_id
),

rated as (
    select
        *,
        buying_customers / nullif(sent_customers, 0) as conversion,
        holdout_buying_customers / nullif(holdout_customers, 0) as holdout_conversion,
        -- standard error of the difference of two shares (Agresti and Caffo: one success and one failure added to each)
        sqrt(
            (buying_customers + 1) * (sent_customers - buying_customers + 1) / pow(sent_customers + 2, 3)
            + (holdout_buying_customers + 1) * (holdout_customers - holdout_buying_customers + 1)
            / pow(holdout_customers + 2, 3)
        ) as standard_error,
        (buying_customers + 1) / (sent_customers + 2) - (holdout_buying_customers + 1) / (holdout_customers + 2)
            as adjusted_lift
    from counted
)

select
    rated.campaign_id,
    rated.first_send_at,
    rated.sent_customers::integer as sent_customers,
    coalesce(rated.send_count, 0)::integer as send_count,
    coalesce(rated.bounce_count, 0)::integer as bounce_count,
    rated.responding_customers::integer as responding_customers,
    rated.redeeming_customers::integer as redeeming_customers,
    rated.buying_customers::integer as buying_customers,
    (rated.responding_customers / nullif(rated.sent_customers, 0))::decimal(18, 4) as response_rate,
    rated.conversion::decimal(5, 4) as conversion,
    rated.holdout_customers::integer as holdout_customers,
    rated.holdout_conversion::decimal(5, 4) as holdout_conversion,
    (rated.conversion - rated.holdout_conversion)::decimal(5, 4) as lift,
    case when rated.holdout_customers > 0 then (rated.adjusted_lift - 1.96 * rated.standard_error)::decimal(5, 4)
    end as lift_low,
    case when rated.holdout_customers > 0 then (rated.adjusted_lift + 1.96 * rated.standard_error)::decimal(5, 4)
    end as lift_high,
    coalesce(credited.first_value, 0)::decimal(38, 2) as first_touch_value,
    coalesce(credited.last_value, 0)::decimal(38, 2) as last_touch_value,
    coalesce(credited.linear_value, 0)::decimal(38, 2) as linear_value
from rated
left join credited on rated.campaign_id = credited.campaign_id
