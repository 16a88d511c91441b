{#- What a person had corrected (`ucv correct`, the source `corrections`) wins over every source, the latest correction first. -#}
with summed as (
    select
        customer_id,
        field,
        value,
        count(distinct source_system) filter (where confirms) as source_count,
        count(distinct record_id) as record_count,
        min(source_rank) filter (where confirms) as best_source_rank,
        min(seen_at) as first_seen_at,
        max(seen_at) filter (where confirms) as last_seen_at,
        -- the latest verdict counts; of two at one time the better
        coalesce(
            arg_max(verdict, (coalesce(seen_at, timestamp '1900-01-01'), verdict)) filter (where verdict <> 0), 0
        ) as verdict,
        max(seen_at) filter (where verdict = 1) as verified_at,
        max(seen_at) filter (where verdict = -1) as failed_at,
        max(completeness) as completeness,
        bool_or(source_system = 'corrections') as is_corrected,
        max(seen_at) filter (where source_system = 'corrections') as corrected_at,
        -- the record that stands for the value: one that confirms it, the most trusted, then the newest
        arg_min(
            record_id, (source_system <> 'corrections', not confirms, source_rank, -coalesce(epoch(seen_at), 0), record_id)
        ) as record_id
    from {{ ref('customer_observations') }}
    group by customer_id, field, value
),

scored as (
    select
        summed.*,
        {{ survival_scores(as_of_date()) }} as parts
    from summed
    inner join {{ ref('survivorship_weights') }} as weights
        on summed.field = weights.field
),

ranked as (
    select
        *,
        list_sum(parts) as survival_score,
        row_number() over (
            partition by customer_id, field
            order by
                is_corrected desc, corrected_at desc nulls last, list_sum(parts) desc,
                last_seen_at desc nulls last, value asc
        ) as value_rank
    from scored
),

compared as (
    select
        *,
        lead(parts) over (partition by customer_id, field order by value_rank) as next_parts
    from ranked
),

judged as (
    select
        *,
        list_transform([1, 2, 3, 4, 5], lambda place: parts[place] - next_parts[place]) as margins
    from compared
)

select
    judged.customer_id,
    judged.field,
    judged.value,
    judged.value_rank = 1 as is_golden,
    judged.value_rank::integer as value_rank,
    judged.survival_score,
    case
        when judged.value_rank > 1 then null
        when judged.is_corrected then 'correction'
        when judged.next_parts is null then 'only_value'
        when list_max(judged.margins) <= 0 then 'tie_break'
        else {{ survival_parts() }}[list_position(judged.margins, list_max(judged.margins))]
    end as rule,
    judged.record_id,
    records.source_system,
    judged.source_count::integer as source_count,
    judged.record_count::integer as record_count,
    case judged.verdict when 1 then 'verified' when -1 then 'failed' else 'unverified' end as verification_status,
    judged.first_seen_at,
    judged.last_seen_at,
    judged.verified_at,
    judged.failed_at
from judged
left join {{ ref('std_records') }} as records on judged.record_id = records.record_id
