with orders as (
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
        bool_and(is_return or coalesce(is_cancelled, false)) as is_return,
        bool_or(coalesce(is_cancelled, false)) as is_cancelled,
        coalesce(sum(value + coalesce(refunded_value, 0)) filter (where not is_return), 0)::decimal(38, 2) as sold_value,
        coalesce(
            sum(case when is_return then value else -coalesce(refunded_value, 0) end), 0
        )::decimal(38, 2) as returned_value,
        coalesce(sum(value), 0)::decimal(38, 2) as net_value,
        (count(*) filter (where value is null and net_amount is not null))::integer as unconverted_lines,
        bool_or(coupon_code is not null) as has_coupon,
        -- of several currencies nothing can be added up
        case when count(distinct currency) <= 1 then min(currency) end as currency,
        case when min(order_total) = max(order_total) and count(distinct currency) <= 1 then max(order_total) end as order_total,
        sum(amount)::decimal(38, 4) as line_total,
        ({{ order_amount('tax_amount') }})::decimal(38, 4) as tax_amount,
        ({{ order_amount('discount_amount') }})::decimal(38, 4) as discount_amount,
        ({{ order_amount('shipping_amount') }})::decimal(38, 4) as shipping_amount
    from {{ ref('fct_transactions') }}
    group by order_id
),

unmatched as (
    select
        order_id,
        sum(unmatched_value) as value
    from {{ ref('unmatched_returns') }}
    group by order_id
)

select
    orders.*,
    coalesce(unmatched.value, 0)::decimal(38, 2) as unmatched_return_value,
    ({{ total_gap('order_total', 'line_total', 'tax_amount', 'shipping_amount', 'discount_amount') }})::decimal(38, 4)
        as total_gap
from orders
left join unmatched on orders.order_id = unmatched.order_id
