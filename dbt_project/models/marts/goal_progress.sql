{#-
    Each metric is counted twice, over the goal's days up to the as-of date and over the days of its baseline. A sum grows with
    the days: while they last it is held against the target as if the rest went like the days so far. A share is taken as it is.
-#}
with goals as (
    select
        *,
        (due_on - starts_on + 1)::integer as days,
        ({{ as_of_date() }} >= starts_on) as has_begun,
        ({{ as_of_date() }} > due_on) as is_over,
        (least({{ as_of_date() }}, due_on) - starts_on + 1) / (due_on - starts_on + 1) as elapsed
    from {{ ref('stg_goals') }}
),

windows as (
    select
        goal_key,
        subject,
        channel,
        segment,
        'actual' as side,
        starts_on as first_day,
        least(due_on, {{ as_of_date() }}) as last_day
    from goals
    where has_begun
    union all
    select
        goal_key,
        subject,
        channel,
        segment,
        'baseline' as side,
        case baseline_rule when 'previous_year' then starts_on - interval 1 year else starts_on - days end::date as first_day,
        case baseline_rule when 'previous_year' then due_on - interval 1 year else starts_on - 1 end::date as last_day
    from goals
    where baseline_rule <> 'fixed'
),

counted as (
    select
        windows.goal_key,
        windows.side,
        count(distinct acts.customer_id) filter (where acts.act in ('first_order', 'repeat_order')) as buyers,
        count(distinct acts.customer_id) filter (where acts.act = 'first_order') as new_buyers,
        count(distinct acts.customer_id) filter (where acts.act = 'repeat_order') as repeat_buyers,
        count(*) filter (where acts.act in ('first_order', 'repeat_order')) as orders,
        sum(acts.value) as value,
        count(distinct acts.customer_id) filter (where acts.act = 'campaign_send') as reached,
        count(distinct acts.customer_id) filter (where acts.act = 'campaign_response') as responded,
        count(distinct acts.customer_id) as customers
    from windows
    inner join {{ ref('goal_acts') }} as acts on windows.subject = acts.subject
    where
        acts.day between windows.first_day and windows.last_day
        and (windows.channel is null or list_contains(acts.channels, windows.channel))
        and (windows.segment is null or acts.segment = windows.segment)
    group by windows.goal_key, windows.side
),

-- where nothing happened a number is zero and a share is unknown
measured as (
    select
        windows.goal_key,
        windows.side,
        windows.last_day,
        case goals.metric
            when 'customers' then coalesce(counted.buyers, 0)
            when 'new_customers' then coalesce(counted.new_buyers, 0)
            when 'repeat_customers' then coalesce(counted.repeat_buyers, 0)
            when 'repurchase_rate' then counted.repeat_buyers / nullif(counted.buyers, 0)
            when 'orders' then coalesce(counted.orders, 0)
            when 'sales' then coalesce(counted.value, 0)
            when 'response_rate' then counted.responded / nullif(counted.reached, 0)
            when 'responses' then coalesce(counted.responded, 0)
            when 'registrations' then coalesce(counted.customers, 0)
            when 'complaints' then coalesce(counted.customers, 0)
        end::double as value
    from windows
    inner join goals on windows.goal_key = goals.goal_key
    left join counted on windows.goal_key = counted.goal_key and windows.side = counted.side
),

compared as (
    select
        goals.*,
        actual.value as actual,
        case
            when goals.baseline_rule = 'fixed' then goals.fixed_baseline
            -- the days that it is compared with are not over
            when baseline.last_day < {{ as_of_date() }} then baseline.value
        end as baseline
    from goals
    left join measured as actual on goals.goal_key = actual.goal_key and actual.side = 'actual'
    left join measured as baseline on goals.goal_key = baseline.goal_key and baseline.side = 'baseline'
),

aimed as (
    select
        *,
        -- of nothing no share can be taken
        coalesce(fixed_target, nullif(baseline, 0) * (1 + target_change)) as target,
        case when is_rate or is_over then actual else actual / elapsed end as expected
    from compared
),

judged as (
    select
        *,
        (expected - baseline) / nullif(target - baseline, 0) as progress,
        case when target < baseline then expected <= target else expected >= target end as is_reached,
        -- what only grows has reached its target as soon as it is there
        not is_rate and metric <> 'sales' and coalesce(target >= baseline, true) and actual >= target as is_there
    from aimed
)

select
    goal_key,
    team,
    goal_name,
    metric,
    case unit when 'money' then '{{ var("reporting_currency") }}' else unit end as unit,
    channel,
    segment,
    starts_on,
    due_on,
    try_cast(baseline as decimal(38, 4)) as baseline,
    try_cast(target as decimal(38, 4)) as target,
    try_cast(actual as decimal(38, 4)) as actual,
    try_cast(progress as decimal(18, 4)) as progress,
    case
        when not has_begun then 'not_started'
        when is_over then case when coalesce(is_reached, false) then 'met' else 'missed' end
        when coalesce(is_there, false) then 'met'
        when coalesce(is_reached, false) then 'on_track'
        else 'behind'
    end as status
from judged
