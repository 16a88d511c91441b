{#-
    A model that did not beat the naive guess in its back-test is published for nobody: the table is empty then.
    A figure that a fit could not tell (infinite, none) is null.
-#}
select
    customer_id,
    frequency::integer as repeat_orders,
    try_cast(recency_weeks as decimal(18, 2)) as recency_weeks,
    try_cast(age_weeks as decimal(18, 2)) as age_weeks,
    try_cast(probability_alive as decimal(5, 4)) as probability_alive,
    try_cast(expected_orders as decimal(18, 3)) as expected_orders,
    try_cast(expected_order_value as decimal(38, 2)) as expected_order_value,
    try_cast(expected_value as decimal(38, 2)) as expected_value,
    try_cast(backtest_error as decimal(18, 4)) as backtest_error,
    try_cast(baseline_error as decimal(18, 4)) as baseline_error
from {{ ref('lifetime_value_predictions') }}
where
    part = 'score'
    and is_published
    and customer_id not in (select refused.customer_id from {{ ref('refused_profiling') }} as refused)
