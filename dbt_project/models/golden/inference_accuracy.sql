with baseline as (
    select
        field,
        max(customers) / sum(customers) as accuracy
    from (
        select
            field,
            known_value,
            count(distinct customer_id) as customers
        from {{ ref('inference_evidence') }}
        where known_value is not null
        group by field, known_value
    )
    group by field
),

tested as (
    select
        field,
        method,
        bool_or(is_direct) as is_direct,
        (count(*) filter (where known_value is null))::integer as applicable,
        (count(*) filter (where known_value is not null))::integer as tested,
        (count(*) filter (where known_value = value))::integer as correct
    from {{ ref('inference_votes') }}
    group by field, method
)

select
    tested.field,
    tested.method,
    tested.applicable,
    tested.tested,
    tested.correct,
    (tested.correct / nullif(tested.tested, 0))::decimal(5, 4) as accuracy,
    baseline.accuracy::decimal(5, 4) as baseline_accuracy,
    -- a direct reading is believed until twenty customers say otherwise; a vote has to prove itself
    case
        when tested.tested < 20 then tested.is_direct
        else tested.correct / tested.tested > coalesce(baseline.accuracy, 0)
    end as is_used
from tested
left join baseline on tested.field = baseline.field
