with purchases as (
    select
        customer_id,
        (count(*) filter (where not is_return))::integer as order_count,
        sum(net_value - unmatched_return_value)::decimal(38, 2) as total_value,
        (count(*) filter (where unmatched_return_value < 0))::integer as unmatched_return_count,
        sum(unmatched_return_value)::decimal(38, 2) as unmatched_return_value,
        sum(unconverted_lines)::integer as unconverted_lines,
        max(ordered_at) filter (where not is_return and ordered_at::date <= {{ as_of_date() }}) as last_order_at
    from {{ ref('fct_orders') }}
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
        bool_or(action = 'bounce') as has_bounced
    from {{ ref('customer_timeline') }}
    group by customer_id
),

suppressions as (
    select
        customer_id,
        bool_or(channel = 'any' and purpose = 'any') as is_suppressed,
        list(distinct channel order by channel) filter (where channel <> 'any') as suppressed_channels
    from {{ ref('customer_suppressions') }}
    where coalesce(effective_at::date <= {{ as_of_date() }}, true)
    group by customer_id
),

consents as (
    select
        customer_id,
        list(channel order by channel) filter (where verdict = 'granted') as consented_channels
    from {{ ref('customer_consents') }}
    where purpose = 'marketing'
    group by customer_id
),

contacts as (
    select
        customer_id,
        bool_or(kind = 'phone') as has_phone,
        bool_or(kind = 'email') as has_email,
        bool_or(kind = 'address') as has_address
    from {{ ref('customer_contact_points') }}
    where is_usable
    group by customer_id
)

select
    customers.customer_id,
    customers.entity_type,
    customers.display_name,
    customers.gender,
    date_sub('year', customers.birth_date, {{ as_of_date() }})::integer as age_years,
    customers.country,
    customers.province,
    customers.city,
    coalesce(contacts.has_phone, false) as has_phone,
    coalesce(contacts.has_email, false) as has_email,
    coalesce(contacts.has_address, false) as has_address,
    customers.member_no is not null as is_member,
    case
        when consents.customer_id is not null then coalesce(len(consents.consented_channels), 0) > 0
    end as has_marketing_consent,
    coalesce(consents.consented_channels, []::varchar []) as consented_channels,
    coalesce(suppressions.is_suppressed, false) as is_suppressed,
    coalesce(suppressions.suppressed_channels, []::varchar []) as suppressed_channels,
    coalesce(events.has_bounced, false) as has_bounced,
    coalesce(purchases.order_count, 0) as order_count,
    coalesce(purchases.total_value, 0)::decimal(38, 2) as total_value,
    coalesce(purchases.unmatched_return_count, 0) as unmatched_return_count,
    coalesce(purchases.unmatched_return_value, 0)::decimal(38, 2) as unmatched_return_value,
    coalesce(purchases.unconverted_lines, 0) as unconverted_lines,
    purchases.last_order_at,
    date_diff('day', purchases.last_order_at::date, {{ as_of_date() }})::integer as days_since_order,
    coalesce(events.event_count, 0) as event_count,
    coalesce(events.complaint_count, 0) as complaint_count,
    coalesce(events.campaign_send_count, 0) as campaign_send_count,
    coalesce(events.campaign_response_count, 0) as campaign_response_count,
    acquisition.first_channel as first_touch_channel,
    acquisition.last_channel as last_touch_channel,
    customers.record_count,
    customers.source_count,
    customers.first_seen_at,
    customers.last_seen_at
from {{ ref('customers') }} as customers
left join purchases on customers.customer_id = purchases.customer_id
left join events on customers.customer_id = events.customer_id
left join suppressions on customers.customer_id = suppressions.customer_id
left join consents on customers.customer_id = consents.customer_id
left join contacts on customers.customer_id = contacts.customer_id
left join {{ ref('customer_acquisition') }} as acquisition on customers.customer_id = acquisition.customer_id
