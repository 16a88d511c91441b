{%- set told = ['lifetime_value_predictions', 'purchase_predictions', 'contact_predictions'] -%}
{% for model in told -%}
select
    prediction,
    decile,
    customers::integer as customers,
    try_cast(predicted as decimal(18, 6)) as predicted,
    try_cast(observed as decimal(18, 6)) as observed,
    try_cast(lift as decimal(18, 4)) as lift
from {{ ref(model) }}
where part = 'decile'
{% if not loop.last %}union all
{% endif %}{% endfor %}
