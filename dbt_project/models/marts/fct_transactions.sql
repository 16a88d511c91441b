with lines as (
    select
        staged.* exclude (amount, refund_amount),
        staged.source_system || ':' || coalesce(staged.transaction_id, staged.source_record_id) as order_id,
        sources.channel,
        {{ line_amount('staged') }} as amount,
        -- 已退款(￥7.00) tells how much in the status
        coalesce(staged.refund_amount, try_cast(
            nullif(regexp_extract(staged.order_status, '退款[(（][^0-9]*([0-9]+([.][0-9]+)?)', 1), '') as decimal(18, 4)
        )) as refund_amount,
        statuses.meaning as own_meaning,
        coalesce(staged.is_return, {{ line_amount('staged') }} < 0, false) as is_returned,
        coalesce(standardise_currency(staged.currency, sources.default_country), staged.currency) as own_currency,
        sources.default_currency,
        greatest(staged.transacted_at, timestamp '1900-01-01') as rated_at
    from {{ ref('stg_transactions') }} as staged
    left join {{ ref('stg_sources') }} as sources on staged.source_system = sources.source_system
    left join {{ ref('order_statuses') }} as statuses on lower(trim(staged.order_status)) = statuses.status
),

orders as (
    select
        order_id,
        max(own_meaning) filter (where order_status is not null) as meaning,
        bool_or(is_returned or own_meaning = 'refunded') as has_told_returns,
        sum(amount) filter (where not is_returned) as sold,
        abs({{ order_amount('refund_amount') }}) as refunded,
        case when count(distinct own_currency) = 1 then min(own_currency) end as order_currency
    from lines
    group by order_id
),

judged as (
    select
        lines.*,
        orders.has_told_returns,
        orders.sold,
        orders.refunded,
        coalesce(lines.own_currency, orders.order_currency) as named_currency,
        -- of neither the amount is in no known currency and has no value
        coalesce(lines.own_currency, orders.order_currency, lines.default_currency) as known_currency,
        -- a status on the order's first line holds for those without one
        case when lines.order_status is null then orders.meaning else lines.own_meaning end as meaning,
        (row_number() over (
            partition by lines.order_id
            order by
                lines.line_number asc nulls first, lines.delivered_at asc, lines.row_number asc, lines.record_id asc
        ))::integer as line_place
    from lines
    inner join orders on lines.order_id = orders.order_id
),

-- a refund is told once: by lines of its own, by a status, or by an amount that the order's lines share
shared as (
    select
        *,
        coalesce(meaning = 'cancelled', false) and not is_returned as is_cancelled,
        (case
            when is_returned or coalesce(meaning = 'cancelled', false) then 0
            when meaning = 'refunded' then amount
            when has_told_returns or coalesce(refunded, 0) = 0 or sold <= 0 then 0
            when refunded >= sold then amount
            -- a decimal of its own, or all branches would pass through a double and lose cents of large amounts
            else round(amount::double * refunded::double / sold::double, 4)::decimal(18, 4)
        end)::decimal(18, 4) as refunded_amount
    from judged
),

-- a source that writes returns as positive amounts with a mark must not turn them into sales
signed as (
    select
        *,
        case
            when is_returned then -abs(amount)
            when is_cancelled then 0 * amount
            else amount - refunded_amount
        end as net_amount,
        case when is_returned then -abs(quantity) when is_cancelled then 0 * quantity else quantity end as net_quantity
    from shared
)

select
    signed.record_id,
    signed.source_system,
    signed.order_id,
    signed.transaction_id,
    signed.line_number,
    signed.line_place,
    -- lines of one order name one person: one that names nobody is of who the first line that does names
    coalesce(xref.customer_id, first_value(xref.customer_id ignore nulls) over (
        partition by signed.order_id order by signed.line_place
        rows between unbounded preceding and unbounded following
    )) as customer_id,
    signed.transacted_at,
    signed.amount,
    signed.known_currency as currency,
    signed.quantity,
    signed.unit_price,
    signed.net_amount::decimal(18, 4) as net_amount,
    signed.net_quantity::decimal(18, 4) as net_quantity,
    -- a product of two decimals of 18 digits has 18 digits again, too few for a million by a rate of eight places
    (signed.net_amount::decimal(38, 4) * rates.rate)::decimal(38, 2) as value,
    signed.refunded_amount,
    (signed.refunded_amount::decimal(38, 4) * rates.rate)::decimal(38, 2) as refunded_value,
    signed.named_currency is null and signed.known_currency is not null as is_currency_assumed,
    signed.order_total,
    signed.tax_amount,
    signed.discount_amount,
    signed.shipping_amount,
    signed.refund_amount,
    signed.order_status,
    signed.product_id,
    signed.product_category,
    signed.store_id,
    signed.payment_method,
    signed.coupon_code,
    signed.is_returned as is_return,
    signed.is_cancelled,
    signed.channel
from signed
asof left join {{ ref('currency_rates') }} as rates
    on signed.known_currency = rates.currency and signed.rated_at >= rates.valid_from
left join {{ ref('customer_xref') }} as xref on signed.record_id = xref.record_id
