select
    order_id,
    min(source_system) as source_system,
    min(transaction_id) as transaction_id,
    -- lines of one order name one person; where they disagree, the first line decides
    arg_min(customer_id, line_place) filter (where customer_id is not null) as customer_id,
    min(transacted_at) as ordered_at,
    min(channel) as channel,
    min(store_id) as store_id,
    count(*)::integer as line_count,
    bool_and(is_return) as is_return,
    coalesce(sum(value) filter (where not is_return), 0)::decimal(38, 2) as sold_value,
    coalesce(sum(value) filter (where is_return), 0)::decimal(38, 2) as returned_value,
    coalesce(sum(value), 0)::decimal(38, 2) as net_value,
    (count(*) filter (where value is null and net_amount is not null))::integer as unconverted_lines,
    bool_or(coupon_code is not null) as has_coupon
from {{ ref('fct_transactions') }}
group by order_id
