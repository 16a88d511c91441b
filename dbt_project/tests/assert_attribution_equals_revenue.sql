-- Each model of attribution hands out exactly the revenue, no cent more or less.
with credited as (
    select
        sum(first_value) as first_value,
        sum(last_value) as last_value,
        sum(linear_value) as linear_value
    from {{ ref('order_attribution') }}
),

earned as (
    select sum(net_value) as net_value
    from {{ ref('fct_orders') }}
)

select earned.net_value
from credited
cross join earned
where
    credited.first_value <> earned.net_value
    or credited.last_value <> earned.net_value
    or credited.linear_value <> earned.net_value
