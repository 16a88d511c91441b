with purchases as (
    select
        customer_id,
        count(distinct transaction_id)::integer as order_count,
        sum(amount)::decimal(18, 2) as total_amount,
        min(currency) as currency,
        count(distinct currency) > 1 as has_several_currencies,
        max(transacted_at) as last_order_at
    from {{ ref('fct_transactions') }}
    where customer_id is not null
    group by customer_id
),

events as (
    select
        customer_id,
        count(*)::integer as event_count,
        (count(*) filter (where action = 'complaint'))::integer as complaint_count,
        (count(*) filter (where action = 'campaign_send'))::integer as campaign_send_count,
        (count(*) filter (where action = 'campaign_response'))::integer as campaign_response_count,
        bool_or(action = 'suppressed') as is_suppressed,
        bool_or(action = 'bounce') as has_bounced,
        arg_min(channel, (occurred_at, record_id)) filter (where occurred_at is not null) as first_touch_channel,
        arg_max(channel, (occurred_at, record_id)) filter (where occurred_at is not null) as last_touch_channel
    from {{ ref('customer_timeline') }}
    group by customer_id
),

consents as (
    select
        xref.customer_id,
        arg_max(registrations.consent_marketing, (registrations.event_at, registrations.record_id))
            filter (where registrations.consent_marketing is not null) as has_marketing_consent
    from {{ ref('stg_registrations') }} as registrations
    inner join {{ ref('customer_xref') }} as xref on registrations.record_id = xref.record_id
    group by xref.customer_id
)

select
    customers.customer_id,
    customers.entity_type,
    customers.display_name,
    customers.gender,
    date_diff('year', customers.birth_date, {{ as_of_date() }})::integer as age_years,
    customers.country,
    customers.province,
    customers.city,
    customers.phone is not null as has_phone,
    customers.email is not null as has_email,
    customers.address is not null as has_address,
    customers.member_no is not null as is_member,
    consents.has_marketing_consent,
    coalesce(events.is_suppressed, false) as is_suppressed,
    coalesce(events.has_bounced, false) as has_bounced,
    coalesce(purchases.order_count, 0) as order_count,
    purchases.total_amount,
    purchases.currency,
    coalesce(purchases.has_several_currencies, false) as has_several_currencies,
    purchases.last_order_at,
    date_diff('day', purchases.last_order_at::date, {{ as_of_date() }})::integer as days_since_order,
    coalesce(events.event_count, 0) as event_count,
    coalesce(events.complaint_count, 0) as complaint_count,
    coalesce(events.campaign_send_count, 0) as campaign_send_count,
    coalesce(events.campaign_response_count, 0) as campaign_response_count,
    events.first_touch_channel,
    events.last_touch_channel,
    customers.record_count,
    customers.source_count,
    customers.first_seen_at,
    customers.last_seen_at
from {{ ref('customers') }} as customers
left join purchases on customers.customer_id = purchases.customer_id
left join events on customers.customer_id = events.customer_id
left join consents on customers.customer_id = consents.customer_id
