select
    view.customer_id,
    view.campaign_send_count,
    view.campaign_response_count,
    max(timeline.occurred_at) filter (where timeline.action = 'campaign_send') as last_send_at,
    max(timeline.occurred_at) filter (where timeline.action = 'campaign_response') as last_response_at,
    (count(*) filter (
        where timeline.action = 'campaign_send' and timeline.occurred_at::date > {{ as_of_date() }} - 90
    ))::integer as sends_90_days,
    view.campaign_send_count >= 3 and view.campaign_response_count = 0 as is_non_responder,
    count(*) filter (
        where timeline.action = 'campaign_send' and timeline.occurred_at::date > {{ as_of_date() }} - 90
    ) >= 6 as is_fatigued
from {{ ref('customer_360') }} as view
inner join {{ ref('customer_timeline') }} as timeline on view.customer_id = timeline.customer_id
where view.campaign_send_count > 0 and timeline.occurred_at::date <= {{ as_of_date() }}
group by all
