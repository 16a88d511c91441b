with orders as (
    select
        customer_id,
        date_trunc('month', ordered_at)::date as month,
        net_value
    from {{ ref('fct_orders') }}
    where customer_id is not null and not is_return and ordered_at::date <= {{ as_of_date() }}
),

cohorts as (
    select
        customer_id,
        min(month) as cohort_month
    from orders
    group by customer_id
),

sizes as (
    select
        cohort_month,
        count(*) as customers
    from cohorts
    group by cohort_month
)

select
    cohorts.cohort_month,
    date_diff('month', cohorts.cohort_month, orders.month)::integer as months_since,
    any_value(sizes.customers)::integer as cohort_customers,
    count(distinct orders.customer_id)::integer as buying_customers,
    (count(distinct orders.customer_id) / any_value(sizes.customers))::decimal(5, 4) as retention,
    sum(orders.net_value)::decimal(38, 2) as net_value
from orders
inner join cohorts on orders.customer_id = cohorts.customer_id
inner join sizes on cohorts.cohort_month = sizes.cohort_month
group by cohorts.cohort_month, orders.month
