select
    transactions.record_id,
    transactions.source_system,
    transactions.transaction_id,
    transactions.line_number,
    xref.customer_id,
    transactions.transacted_at,
    transactions.amount,
    transactions.currency,
    transactions.quantity,
    transactions.product_id,
    transactions.product_category,
    transactions.store_id,
    transactions.payment_method,
    transactions.coupon_code,
    coalesce(transactions.is_return, transactions.amount < 0, false) as is_return,
    sources.channel
from {{ ref('stg_transactions') }} as transactions
left join {{ ref('customer_xref') }} as xref on transactions.record_id = xref.record_id
left join {{ ref('stg_sources') }} as sources on transactions.source_system = sources.source_system
