with days as (
    select distinct
        customer_id,
        ordered_at::date as day
    from {{ ref('fct_orders') }}
    where customer_id is not null and not is_return and ordered_at::date <= {{ as_of_date() }}
),

gaps as (
    select
        *,
        date_diff('day', lag(day) over (partition by customer_id order by day), day) as gap
    from days
),

usual as (
    select median(gap) as gap
    from gaps
),

customers as (
    select
        customer_id,
        max(day) as last_order_on,
        count(gap) as gap_count,
        median(gap) as own_gap
    from gaps
    group by customer_id
)

select
    customers.customer_id,
    customers.last_order_on,
    case when customers.gap_count >= 2 then 'own' else 'all_customers' end as basis,
    ceil(case when customers.gap_count >= 2 then customers.own_gap else usual.gap end)::integer as interval_days,
    (
        customers.last_order_on
        + ceil(case when customers.gap_count >= 2 then customers.own_gap else usual.gap end)::integer
    )::date as due_on,
    customers.last_order_on + ceil(case when customers.gap_count >= 2 then customers.own_gap else usual.gap end)::integer
    <= {{ as_of_date() }} as is_due
from customers
cross join usual
where
    usual.gap is not null
    and customers.customer_id not in (select refused.customer_id from {{ ref('refused_profiling') }} as refused)
