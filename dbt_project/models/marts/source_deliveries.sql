{#- A delivery is due when the hours between two and for their way, by the contract, have passed as the as-of day begins. -#}
with delivered as (
    select
        source_system,
        count(*) as file_count,
        sum(rows_in) as rows_in,
        sum(accepted) as accepted,
        sum(quarantined) as quarantined,
        sum(duplicate) as duplicate,
        max(delivered_at) as delivered_at,
        max(latest_event_at) as event_at
    from {{ ref('stg_deliveries') }}
    group by source_system
),

allowed as (
    select
        source_system,
        frequency_hours + coalesce(latency_hours, 0) as allowed_hours
    from {{ ref('stg_sources') }}
)

select
    sources.source_system,
    sources.kind,
    sources.channel,
    coalesce(delivered.file_count, 0)::integer as file_count,
    coalesce(delivered.rows_in, 0)::bigint as delivered_rows,
    coalesce(delivered.accepted, 0)::bigint as accepted_rows,
    coalesce(delivered.quarantined, 0)::bigint as quarantined_rows,
    coalesce(delivered.duplicate, 0)::bigint as duplicate_rows,
    (delivered.quarantined / nullif(delivered.rows_in, 0))::decimal(5, 4) as quarantined_share,
    delivered.delivered_at as latest_delivered_at,
    delivered.event_at as latest_event_at,
    allowed.allowed_hours::integer as allowed_hours,
    date_diff('day', delivered.delivered_at::date, greatest(delivered.delivered_at::date, {{ as_of_date() }}))::integer
        as days_since_delivery,
    date_diff('day', delivered.event_at::date, greatest(delivered.event_at::date, {{ as_of_date() }}))::integer
        as days_since_event,
    delivered.delivered_at + to_hours(allowed.allowed_hours::integer) < {{ as_of_date() }} as is_overdue
from {{ ref('stg_sources') }} as sources
left join delivered on sources.source_system = delivered.source_system
left join allowed on sources.source_system = allowed.source_system
