{#- A model that did not beat the naive guess in its back-test is published for nobody: the table is empty then. -#}
select
    customer_id,
    frequency::integer as repeat_orders,
    recency_weeks::decimal(9, 2) as recency_weeks,
    age_weeks::decimal(9, 2) as age_weeks,
    probability_alive::decimal(5, 4) as probability_alive,
    expected_orders::decimal(9, 3) as expected_orders,
    expected_order_value::decimal(18, 2) as expected_order_value,
    expected_value::decimal(18, 2) as expected_value,
    backtest_error::decimal(9, 4) as backtest_error,
    baseline_error::decimal(9, 4) as baseline_error
from {{ ref('lifetime_value_predictions') }}
where is_published
