{#- A prediction that did not win its back-test has no scores: its column is null for everybody. -#}
select
    customer_id,
    (max(value) filter (where prediction = 'churn'))::decimal(5, 4) as churn_probability,
    (max(value) filter (where prediction = 'purchase'))::decimal(5, 4) as purchase_probability
from {{ ref('purchase_predictions') }}
where part = 'score'
group by customer_id
