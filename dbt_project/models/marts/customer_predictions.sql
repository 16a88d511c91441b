{#- A prediction that did not win its back-test has no scores: its column is null for everybody. -#}
with scores as (
    {% for model in ['purchase_predictions', 'contact_predictions'] %}
    select
        customer_id,
        prediction,
        choice,
        value
    from {{ ref(model) }}
    where part = 'score'
    {% if not loop.last %}union all{% endif %}
    {% endfor %}
)

select
    customer_id,
    (max(value) filter (where prediction = 'churn'))::decimal(5, 4) as churn_probability,
    (max(value) filter (where prediction = 'purchase'))::decimal(5, 4) as purchase_probability,
    max(choice) filter (where prediction = 'best_channel') as best_channel,
    (max(value) filter (where prediction = 'best_channel'))::decimal(5, 4) as best_channel_probability,
    (max(choice) filter (where prediction = 'best_hour'))::integer as best_hour,
    (max(value) filter (where prediction = 'best_hour'))::decimal(5, 4) as best_hour_probability
from scores
group by customer_id
