{#-
    What purchases are predicted from: nothing of people who refused decisions made by calculation, nothing after the as-of
    date.
-#}
{{ config(schema='marts_work', access='private', meta={'dated_by': {'fct_orders': 'ordered_at'}}) }}
select
    customer_id,
    ordered_at::date as day,
    sum(net_value)::double as value
from {{ ref('fct_orders') }}
where
    customer_id is not null and not is_return and ordered_at::date <= {{ as_of_date() }}
    and customer_id not in (select refused.customer_id from {{ ref('refused_profiling') }} as refused)
group by all
