-- What customers are worth, with what came back without its order, is what orders brought; who never bought is worth nothing.
with told as (
    select
        coalesce(sum(total_value + unmatched_return_value), 0) as net_value,
        count(*) filter (where order_count = 0 and total_value <> 0) as never_bought
    from {{ ref('customer_360') }}
),

earned as (
    select coalesce(sum(net_value), 0) as net_value
    from {{ ref('fct_orders') }}
    where customer_id is not null
)

select told.never_bought
from told
cross join earned
where told.net_value <> earned.net_value or told.never_bought > 0
