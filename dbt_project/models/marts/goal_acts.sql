{#-
    What goals are counted over, once each: orders, registrations, campaign messages and responses, complaints. An order is of the
    channel that it was made in and of those by which a campaign reached its customer in the 30 days before, as
    order_attribution has it. Looked up, never published.
-#}
{{ config(schema='marts_work', access='private') }}
with campaign_channels as (
    select distinct
        campaign_id,
        channel
    from {{ ref('customer_timeline') }}
    where action = 'campaign_send'
),

order_channels as (
    select
        order_id,
        channel
    from {{ ref('fct_orders') }}
    union
    select
        credited.order_id,
        campaign_channels.channel
    from {{ ref('order_attribution') }} as credited
    inner join campaign_channels on credited.campaign_id = campaign_channels.campaign_id
),

channels as (
    select
        order_id,
        list(channel order by channel) filter (where channel is not null) as channels
    from order_channels
    group by order_id
),

orders as (
    select
        *,
        row_number() over (partition by customer_id, is_return order by ordered_at, order_id) as place
    from {{ ref('fct_orders') }}
),

acts as (
    select
        'order' as subject,
        case when orders.is_return then 'returned' when orders.place = 1 then 'first_order' else 'repeat_order' end as act,
        orders.customer_id,
        orders.ordered_at::date as day,
        coalesce(channels.channels, []::varchar []) as channels,
        orders.net_value as value
    from orders
    left join channels on orders.order_id = channels.order_id
    union all
    select
        case action when 'registered' then 'registration' when 'complaint' then 'complaint' else 'campaign' end as subject,
        action as act,
        customer_id,
        occurred_at::date as day,
        case when channel is null then []::varchar [] else [channel] end as channels,
        null as value
    from {{ ref('customer_timeline') }}
    where action in ('registered', 'campaign_send', 'campaign_response', 'complaint')
)

select
    acts.subject,
    acts.act,
    acts.customer_id,
    acts.day,
    acts.channels,
    acts.value,
    rfm.segment
from acts
left join {{ ref('customer_rfm') }} as rfm on acts.customer_id = rfm.customer_id
where acts.day <= {{ as_of_date() }}
