{#-
    The current records of one kind: of all deliveries of a key the one with the latest event time wins, and a record
    that a snapshot closed is gone. A snapshot tells what holds when it was delivered, so that of snapshots the last
    wins: a closed record that comes back is there again, whatever its own times say. Raw has one fixed schema per kind
    (pipelines/contracts/canonical_fields.csv), so that a new canonical field arrives here without an edit; layers after
    staging name their columns.
    event_columns: the kind's time columns, first one filled wins.
    version: what tells the later state of a record. Where the event's own time is a fact about the record, as that of a
    purchase, a correction may move it to an earlier day: there it is updated_at, and without one the order of delivery.
-#}
{% macro stage_kind(kind, event_columns, version='event_at') %}
with delivered as (
    select
        records.*,
        deliveries.delivered_at,
        coalesce(records.{{ event_columns | join(', records.') }}, null::timestamp) as event_at,
        deliveries.file_name as delivered_file,
        case when sources.delivery_mode = 'snapshot' then deliveries.delivered_at end as told_at
    from {{ source('raw', kind) }} as records
    inner join {{ source('raw', 'deliveries') }} as deliveries
        on records.source_system = deliveries.source_system and records.delivery_id = deliveries.delivery_id
    left join {{ source('raw', 'sources') }} as sources on records.source_system = sources.source_system
),

ranked as (
    select
        *,
        row_number() over (
            partition by source_system, source_record_id
            -- a correction that carries the same time is the later delivery, then the later row: whichever night took a
            -- file, its own time says when it was delivered, and its name where two have the same
            order by
                told_at desc nulls last, {{ version }} desc nulls last, delivered_at desc, delivered_file desc,
                loaded_at desc, row_number desc
        ) as recency
    from delivered
)

select
    source_system || ':' || source_record_id as record_id,
    '{{ kind }}' as kind,
    * exclude (recency, operation, delivered_file, told_at)
from ranked
where recency = 1 and operation = 'upsert'
{% endmacro %}
