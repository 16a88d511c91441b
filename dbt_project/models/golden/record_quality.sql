with heard as (
    select
        customer_id,
        count(distinct record_id) as sightings
    from {{ ref('customer_observations') }}
    where confirms
    group by customer_id
),

checked as (
    select
        record_id,
        max(verification_status = 'verified') as is_verified,
        max(verification_status = 'failed') as has_failed
    from (
        select
            observations.record_id,
            golden_values.verification_status
        from {{ ref('customer_observations') }} as observations
        inner join {{ ref('customer_values') }} as golden_values
            on
                observations.customer_id = golden_values.customer_id
                and observations.field = golden_values.field
                and observations.value = golden_values.value
    )
    group by record_id
),

-- the gravest break counts: two rules that one wrong id breaks are one mistake
contradicted as (
    select
        consistency.record_id,
        max(rules.quality_loss) as loss
    from {{ ref('record_consistency') }} as consistency
    inner join {{ ref('consistency_rules') }} as rules on consistency.rule = rules.rule
    where consistency.is_broken
    group by consistency.record_id
),

parts as (
    select
        records.record_id,
        records.source_system,
        records.kind,
        xref.customer_id,
        case when records.event_at::date <= {{ as_of_date() }} then records.event_at end as event_at,
        greatest(0.2, 1 - (least(records.source_rank, 11) - 1) * 0.08) as source,
        coalesce(
            pow(0.5, date_diff('day', case when records.event_at::date <= {{ as_of_date() }} then records.event_at end::date,
                {{ as_of_date() }}) / 365.25), 0
        ) as recency,
        least(1.0, ln(coalesce(heard.sightings, 1)) / ln(10)) as use,
        case when checked.has_failed then 0.0 when checked.is_verified then 1.0 else 0.5 end as verification,
        contradicted.record_id is null as is_consistent,
        coalesce(contradicted.loss, 0) as loss
    from {{ ref('std_records') }} as records
    inner join {{ ref('customer_xref') }} as xref on records.record_id = xref.record_id
    left join heard on xref.customer_id = heard.customer_id
    left join checked on records.record_id = checked.record_id
    left join contradicted on records.record_id = contradicted.record_id
)

select
    record_id,
    source_system,
    kind,
    customer_id,
    event_at,
    coalesce(date_diff('day', event_at::date, {{ as_of_date() }}) < 365, false) as is_within_one_year,
    source::decimal(5, 4) as source_score,
    recency::decimal(5, 4) as recency_score,
    use::decimal(5, 4) as use_score,
    verification::decimal(5, 4) as verification_score,
    is_consistent,
    greatest(0, {% for part in ['source', 'recency', 'use', 'verification'] -%}
        {{ part }} * {{ quality_weight(part) }}
        {%- if not loop.last %} + {% endif -%}
    {%- endfor %} - loss)::decimal(5, 4) as quality_score
from parts
