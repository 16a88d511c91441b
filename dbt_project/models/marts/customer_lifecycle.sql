{#- Days after an order: new for 90 after the first, active for 180, sleeping up to 365, then lost until the next order. -#}
with orders as (
    select distinct
        customer_id,
        ordered_at::date as day
    from {{ ref('fct_orders') }}
    where customer_id is not null and not is_return and ordered_at::date <= {{ as_of_date() }}
),

numbered as (
    select
        *,
        row_number() over (partition by customer_id order by day) as place,
        coalesce(lead(day) over (partition by customer_id order by day), {{ as_of_date() }} + 1) as next_day
    from orders
),

turns as (
    select
        customer_id,
        first_seen_at::date as day,
        'prospect' as stage
    from {{ ref('customers') }}
    where first_seen_at is not null
    union all
    select
        customer_id,
        day,
        case place when 1 then 'new' else 'active' end as stage
    from numbered
    {% for days, stage in [(90, 'active'), (180, 'sleeping'), (365, 'lost')] %}
    union all
    select
        customer_id,
        day + {{ days }} as day,
        '{{ stage }}' as stage
    from numbered
    where day + {{ days }} < next_day {% if stage == 'active' %}and place = 1{% endif %}
    {% endfor %}
),

-- an order on the day on which somebody becomes a prospect makes a customer at once
daily as (
    select
        customer_id,
        day,
        max_by(stage, stage <> 'prospect') as stage
    from turns
    group by customer_id, day
),

firsts as (
    select
        customer_id,
        min(day) as first_order_day
    from orders
    group by customer_id
),

changes as (
    select
        daily.*,
        lag(daily.stage) over (partition by daily.customer_id order by daily.day) as previous_stage
    from daily
    left join firsts on daily.customer_id = firsts.customer_id
    where daily.stage <> 'prospect' or firsts.first_order_day is null or daily.day < firsts.first_order_day
)

select
    customer_id,
    day as valid_from,
    lead(day) over (partition by customer_id order by day) as valid_to,
    stage,
    lead(day) over (partition by customer_id order by day) is null as is_current
from changes
where stage is distinct from previous_stage
