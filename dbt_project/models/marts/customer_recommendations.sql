select
    customer_id,
    place,
    choice as product_id,
    because as because_product_id,
    value::decimal(18, 6) as affinity
from {{ ref('recommendation_predictions') }}
where part = 'score'
