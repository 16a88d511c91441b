{#- From what customers did themselves; a time at midnight sharp is a date without a time and says nothing of the hour. -#}
{{ config(meta={'dated_by': {'customer_timeline': 'occurred_at'}}) }}
with acts as (
    select
        customer_id,
        channel,
        action,
        occurred_at,
        hour(occurred_at) as hour,
        isodow(occurred_at) as weekday,
        occurred_at = date_trunc('day', occurred_at) as is_date_only
    from {{ ref('customer_timeline') }}
    where
        occurred_at::date <= {{ as_of_date() }}
        and action in (
            'registered', 'bought', 'campaign_response', 'survey_response', 'coupon_redemption', 'web_visit', 'app_event',
            'service_contact'
        )
)

select
    customer_id,
    count(*)::integer as act_count,
    mode(channel order by channel) as preferred_channel,
    mode(channel order by channel) filter (where action = 'bought') as purchase_channel,
    mode(channel order by channel) filter (where action in ('campaign_response', 'survey_response')) as response_channel,
    mode(hour order by hour) filter (where not is_date_only)::integer as preferred_hour,
    mode(weekday order by weekday) filter (where not is_date_only)::integer as preferred_weekday,
    (count(*) filter (where not is_date_only))::integer as timed_act_count
from acts
group by customer_id
