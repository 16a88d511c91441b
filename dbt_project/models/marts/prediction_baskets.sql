{#-
    Which products were bought together, as recommendations see it: also of orders that name nobody; nothing of people who
    refused decisions made by calculation, nothing after the as-of date.
-#}
{{ config(schema='marts_work', access='private', meta={'dated_by': {'fct_transactions': 'transacted_at'}}) }}
select distinct
    customer_id,
    order_id,
    transacted_at::date as day,
    product_id
from {{ ref('fct_transactions') }}
where
    product_id is not null and not is_return and not is_cancelled
    and transacted_at::date <= {{ as_of_date() }}
    and (
        customer_id is null
        or customer_id not in (select refused.customer_id from {{ ref('refused_profiling') }} as refused)
    )
