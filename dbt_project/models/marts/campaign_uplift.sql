select
    campaign_id,
    decile,
    sent_customers::integer as sent_customers,
    holdout_customers::integer as holdout_customers,
    try_cast(predicted as decimal(18, 4)) as predicted_uplift,
    uplift::decimal(5, 4) as uplift,
    uplift_low::decimal(5, 4) as uplift_low,
    uplift_high::decimal(5, 4) as uplift_high,
    is_published as has_won,
    reason
from {{ ref('uplift_predictions') }}
-- deciles of a model that did not win say nothing that everybody's row does not
where part = 'uplift' and (is_published or decile = 0)
