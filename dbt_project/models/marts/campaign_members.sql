{#-
    Whom a campaign wrote to or held out by lot, what was known of them just before, and whether they bought within 30 days;
    only where these are over. Nothing of people who refused decisions made by calculation.
-#}
{{ config(schema='marts_work', access='private') }}
with members as (
    select
        interactions.campaign_id,
        xref.customer_id,
        -- a customer held out once is held out of the whole campaign
        bool_or(coalesce(interactions.is_holdout, false)) as is_holdout,
        min(interactions.occurred_at) as started_at
    from {{ ref('stg_interactions') }} as interactions
    inner join {{ ref('customer_xref') }} as xref on interactions.record_id = xref.record_id
    where
        interactions.campaign_id is not null and interactions.interaction_type = 'campaign_send'
        and xref.customer_id not in (select refused.customer_id from {{ ref('refused_profiling') }} as refused)
    group by interactions.campaign_id, xref.customer_id
    having min(interactions.occurred_at)::date + 30 < {{ as_of_date() }}
),

orders as (
    select
        customer_id,
        ordered_at,
        net_value
    from {{ ref('fct_orders') }}
    where not is_return
)

select
    members.campaign_id,
    members.customer_id,
    members.is_holdout,
    (count(distinct orders.ordered_at::date) filter (where orders.ordered_at < members.started_at))::integer as order_days,
    date_diff(
        'day', max(orders.ordered_at) filter (where orders.ordered_at < members.started_at), members.started_at
    )::integer as days_since_order,
    (avg(orders.net_value) filter (where orders.ordered_at < members.started_at))::double as mean_value,
    coalesce(bool_or(
        orders.ordered_at >= members.started_at and orders.ordered_at <= members.started_at + interval 30 day
    ), false) as has_bought
from members
left join orders on members.customer_id = orders.customer_id
group by members.campaign_id, members.customer_id, members.is_holdout, members.started_at
