-- Months and channels of a campaign's funnel add up to campaign_summary, and no stage has more customers than the one before.
with steps as (
    select
        campaign_id,
        stage,
        customers,
        seen_customers,
        lag(customers) over (partition by funnel, campaign_id, channel, period order by stage_number) as customers_before
    from {{ ref('funnel') }}
),

campaigns as (
    select
        campaign_id,
        coalesce(sum(customers) filter (where stage = 'reached'), 0) as reached,
        coalesce(sum(seen_customers) filter (where stage = 'responded'), 0) as responded,
        coalesce(sum(customers) filter (where stage = 'ordered'), 0) as ordered
    from steps
    where campaign_id is not null
    group by campaign_id
)

select 'reached and ordered are those of campaign_summary, responded at most' as rule
from {{ ref('campaign_summary') }} as summary
left join campaigns on summary.campaign_id = campaigns.campaign_id
where
    summary.sent_customers <> coalesce(campaigns.reached, 0)
    or summary.buying_customers <> coalesce(campaigns.ordered, 0)
    or summary.responding_customers < coalesce(campaigns.responded, 0)
union all
select 'no stage has more customers than the one before, and none fewer than were seen at it' as rule
from steps
where customers > customers_before or seen_customers > customers
