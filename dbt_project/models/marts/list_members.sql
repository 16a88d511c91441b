with listed as (
    select
        lists.record_id,
        lists.source_system,
        xref.customer_id,
        lists.event_at as listed_at,
        lists.delivered_at,
        lists.row_number as delivered_row
    from {{ ref('stg_purchased_lists') }} as lists
    inner join {{ ref('customer_xref') }} as xref on lists.record_id = xref.record_id
),

-- what we would have known without any list
own as (
    select
        xref.customer_id,
        min(records.event_at) as known_since
    from {{ ref('customer_xref') }} as xref
    inner join {{ ref('std_records') }} as records on xref.record_id = records.record_id
    where
        records.acquisition_mode = 'own'
        and records.kind in ('registration', 'transaction', 'organisation')
    group by xref.customer_id
),

lists_of_customer as (
    select
        customer_id,
        count(distinct source_system) as list_count
    from listed
    group by customer_id
),

responses as (
    select
        listed.record_id,
        bool_or(timeline.action in ('campaign_response', 'survey_response', 'coupon_redemption')) as has_responded
    from listed
    inner join {{ ref('customer_timeline') }} as timeline
        on listed.customer_id = timeline.customer_id and listed.listed_at <= timeline.occurred_at
    group by listed.record_id
),

purchases as (
    select
        listed.record_id,
        count(*) filter (where not orders.is_return) as order_count,
        sum(orders.net_value - orders.unmatched_return_value) as net_value
    from listed
    inner join {{ ref('fct_orders') }} as orders
        on listed.customer_id = orders.customer_id and listed.listed_at <= orders.ordered_at
    group by listed.record_id
)

select
    listed.record_id,
    listed.source_system,
    listed.customer_id,
    listed.listed_at,
    listed.delivered_at,
    row_number() over (
        partition by listed.source_system, listed.customer_id
        order by listed.listed_at, listed.delivered_at, listed.delivered_row, listed.record_id
    ) = 1 as is_first_in_list,
    coalesce(own.known_since < listed.delivered_at, false) as is_already_known,
    lists_of_customer.list_count = 1 as is_unique_to_list,
    view.has_phone,
    view.has_email,
    view.has_address,
    view.is_suppressed,
    (view.has_phone or view.has_email or view.has_address) and not view.is_suppressed and terms.is_in_force as is_usable,
    quality.verification_score = 1 as is_verified,
    quality.verification_score = 0 as has_failed,
    coalesce(responses.has_responded, false) as has_responded,
    coalesce(purchases.order_count, 0)::integer as later_orders,
    coalesce(purchases.net_value, 0)::decimal(38, 2) as later_value
from listed
inner join {{ ref('customer_360') }} as view on listed.customer_id = view.customer_id
inner join {{ ref('dim_acquisition_terms') }} as terms on listed.source_system = terms.source_system
inner join {{ ref('record_quality') }} as quality on listed.record_id = quality.record_id
inner join lists_of_customer on listed.customer_id = lists_of_customer.customer_id
left join own on listed.customer_id = own.customer_id
left join responses on listed.record_id = responses.record_id
left join purchases on listed.record_id = purchases.record_id
