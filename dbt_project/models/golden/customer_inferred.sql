with judged as (
    select
        votes.customer_id,
        votes.field,
        votes.value,
        votes.method,
        -- a direct reading is as sure as it was right so far, starting from 0.95
        coalesce(votes.confidence, (accuracy.correct + 19.0) / (accuracy.tested + 20.0)) as confidence,
        votes.support,
        accuracy.accuracy as method_accuracy,
        accuracy.tested as method_tested
    from {{ ref('inference_votes') }} as votes
    inner join {{ ref('inference_accuracy') }} as accuracy
        on votes.field = accuracy.field and votes.method = accuracy.method
    where votes.known_value is null and accuracy.is_used
)

select
    customer_id,
    field,
    value,
    method,
    confidence::decimal(5, 4) as confidence,
    support::integer as support,
    method_accuracy::decimal(5, 4) as method_accuracy,
    method_tested::integer as method_tested
from judged
where confidence >= 0.5
qualify row_number() over (partition by customer_id, field order by confidence desc, method asc) = 1
