{%- set told = ['lifetime_value_predictions', 'purchase_predictions', 'contact_predictions', 'recommendation_predictions',
    'uplift_predictions',
] -%}
{% for model in told -%}
select
    prediction,
    model,
    baseline,
    metric,
    try_cast(model_score as decimal(18, 6)) as model_score,
    try_cast(baseline_score as decimal(18, 6)) as baseline_score,
    customers::integer as customers,
    cut_on,
    until_on,
    is_published,
    reason
from {{ ref(model) }}
where part = 'backtest'
{% if not loop.last %}union all
{% endif %}{% endfor %}
