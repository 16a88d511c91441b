with issued as (
    select
        coupon_code,
        count(*) filter (where interaction_type = 'coupon_issue') as issued,
        count(*) filter (where interaction_type = 'coupon_redemption') as redeemed,
        max(campaign_id) as campaign_id
    from {{ ref('stg_interactions') }}
    where coupon_code is not null
    group by coupon_code
),

sold as (
    select
        coupon_code,
        count(distinct order_id) filter (where not is_return) as orders,
        sum(value) as net_value
    from {{ ref('fct_transactions') }}
    where coupon_code is not null
    group by coupon_code
)

select
    coupon_code,
    issued.campaign_id,
    coalesce(issued.issued, 0)::integer as issue_count,
    coalesce(issued.redeemed, 0)::integer as redemption_count,
    coalesce(sold.orders, 0)::integer as order_count,
    coalesce(sold.net_value, 0)::decimal(38, 2) as net_value
from issued
full outer join sold using (coupon_code)
