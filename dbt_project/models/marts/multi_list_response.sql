{#- Whether customers that several lists name respond and buy more. -#}
with lists as (
    select
        customer_id,
        count(distinct source_system) as list_count,
        bool_or(has_responded) as has_responded,
        bool_or(later_orders > 0) as has_bought
    from {{ ref('list_members') }}
    group by customer_id
)

select
    list_count::integer as list_count,
    count(*)::integer as customers,
    (count(*) filter (where has_responded))::integer as responding_customers,
    (count(*) filter (where has_bought))::integer as buying_customers,
    (count(*) filter (where has_responded) / count(*))::decimal(5, 4) as response_rate,
    (count(*) filter (where has_bought) / count(*))::decimal(5, 4) as purchase_rate
from lists
group by list_count
