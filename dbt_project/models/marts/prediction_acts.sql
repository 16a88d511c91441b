{#-
    What customers did themselves, as predictions see it: lines of one order are one act; a time at midnight sharp is a date
    without a time and has no hour. Nothing of people who refused decisions made by calculation, nothing after the as-of date.
-#}
{{ config(schema='marts_work', access='private', meta={'dated_by': {'customer_timeline': 'occurred_at'}}) }}
select distinct
    customer_id,
    occurred_at::date as day,
    action,
    channel,
    case when occurred_at <> date_trunc('day', occurred_at) then hour(occurred_at)::integer end as hour
from {{ ref('customer_timeline') }}
where
    occurred_at::date <= {{ as_of_date() }}
    and action in (
        'registered', 'bought', 'campaign_response', 'survey_response', 'coupon_redemption', 'web_visit', 'app_event',
        'service_contact', 'complaint'
    )
    and customer_id not in (select refused.customer_id from {{ ref('refused_profiling') }} as refused)
