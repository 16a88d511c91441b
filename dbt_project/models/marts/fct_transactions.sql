with lines as (
    select
        staged.*,
        sources.channel,
        coalesce(staged.is_return, staged.amount < 0, false) as is_returned,
        -- of neither the amount is in no known currency and has no value
        coalesce(staged.currency, sources.default_currency) as known_currency,
        greatest(staged.transacted_at, timestamp '1900-01-01') as rated_at
    from {{ ref('stg_transactions') }} as staged
    left join {{ ref('stg_sources') }} as sources on staged.source_system = sources.source_system
),

-- a source that writes returns as positive amounts with a mark must not turn them into sales
signed as (
    select
        *,
        case when is_returned then -abs(amount) else amount end as net_amount,
        case when is_returned then -abs(quantity) else quantity end as net_quantity
    from lines
)

select
    signed.record_id,
    signed.source_system,
    signed.source_system || ':' || coalesce(signed.transaction_id, signed.source_record_id) as order_id,
    signed.transaction_id,
    signed.line_number,
    (row_number() over (
        partition by signed.source_system, coalesce(signed.transaction_id, signed.source_record_id)
        order by
            signed.line_number asc nulls first, signed.delivered_at asc, signed.row_number asc, signed.record_id asc
    ))::integer as line_place,
    xref.customer_id,
    signed.transacted_at,
    signed.amount,
    signed.known_currency as currency,
    signed.quantity,
    signed.net_amount,
    signed.net_quantity,
    -- a product of two decimals of 18 digits has 18 digits again, too few for a million by a rate of eight places
    (signed.net_amount::decimal(38, 4) * rates.rate)::decimal(38, 2) as value,
    signed.currency is null and signed.known_currency is not null as is_currency_assumed,
    signed.product_id,
    signed.product_category,
    signed.store_id,
    signed.payment_method,
    signed.coupon_code,
    signed.is_returned as is_return,
    signed.channel
from signed
asof left join {{ ref('currency_rates') }} as rates
    on signed.known_currency = rates.currency and signed.rated_at >= rates.valid_from
left join {{ ref('customer_xref') }} as xref on signed.record_id = xref.record_id
