{#-
    What goes with a customer rather than being one of their facts: surveyed is what they answered, derived what was worked out
    from what they did. The two are never mixed in one figure.
-#}
with answers as (
    select
        xref.customer_id,
        measures.measure,
        measures.question_code as instrument,
        interactions.score,
        measures.lowest,
        measures.highest,
        interactions.occurred_at,
        interactions.record_id
    from {{ ref('stg_interactions') }} as interactions
    inner join {{ ref('survey_measures') }} as measures
        on coalesce(interactions.question_code, interactions.interaction_type) = measures.question_code
    inner join {{ ref('customer_xref') }} as xref on interactions.record_id = xref.record_id
    where
        -- outside of the scale it is a slip, not an answer
        interactions.score between measures.lowest and measures.highest
        and interactions.occurred_at::date <= {{ as_of_date() }}
        and interactions.source_system in ({{ told_sources() }})
),

surveyed as (
    select
        customer_id,
        measure,
        'surveyed' as origin,
        instrument,
        arg_max(score, (occurred_at, record_id)) as value,
        arg_max((score - lowest) / (highest - lowest), (occurred_at, record_id)) as share,
        max(occurred_at)::date as measured_on,
        count(*) as answer_count
    from answers
    group by customer_id, measure, instrument
),

derived as (
    select
        customer_id,
        'loyalty' as measure,
        'customer_rfm' as instrument,
        recency + frequency as value,
        (recency + frequency - 2) / 8 as share
    from {{ ref('customer_rfm') }}
    union all
    select
        customer_id,
        'churn_tendency' as measure,
        'customer_lifetime_value' as instrument,
        1 - probability_alive as value,
        1 - probability_alive as share
    from {{ ref('customer_lifetime_value') }}
    union all
    select
        customer_id,
        'lifetime_value' as measure,
        'customer_lifetime_value' as instrument,
        expected_value as value,
        null as share
    from {{ ref('customer_lifetime_value') }}
)

select
    customer_id,
    measure,
    origin,
    instrument,
    value::decimal(38, 4) as value,
    share::decimal(5, 4) as share_of_scale,
    measured_on,
    answer_count::integer as answer_count
from surveyed
union all
select
    customer_id,
    measure,
    'derived' as origin,
    instrument,
    value::decimal(38, 4) as value,
    share::decimal(5, 4) as share_of_scale,
    {{ as_of_date() }} as measured_on,
    null as answer_count
from derived
where value is not null
