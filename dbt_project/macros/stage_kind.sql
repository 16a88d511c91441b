{#-
    The current records of one kind: of all deliveries of a key the one with the latest event time wins, and a record
    that a snapshot closed is gone. Raw has one fixed schema per kind (pipelines/contracts/canonical_fields.csv), so
    that a new canonical field arrives here without an edit; layers after staging name their columns.
    event_columns: the kind's time columns, first one filled wins.
    version: what tells the later state of a record. Where the event's own time is a fact about the record, as that of a
    purchase, a correction may move it to an earlier day: there it is updated_at, and without one the order of loading.
-#}
{% macro stage_kind(kind, event_columns, version='event_at') %}
with delivered as (
    select
        *,
        coalesce({{ event_columns | join(', ') }}, null::timestamp) as event_at
    from {{ source('raw', kind) }}
),

closed as (
    select
        source_system,
        source_record_id,
        max(loaded_at) as closed_at
    from delivered
    where operation = 'close'
    group by source_system, source_record_id
),

ranked as (
    select
        delivered.*,
        row_number() over (
            partition by delivered.source_system, delivered.source_record_id
            -- a correction that carries the same event time is the later load, then the later row; files of one night
            -- are loaded oldest first and never at the same moment (but for raw of before December 2026)
            order by
                delivered.operation = 'close', delivered.{{ version }} desc nulls last, delivered.loaded_at desc,
                delivered.delivery_id desc, delivered.row_number desc
        ) as recency
    from delivered
    left join closed
        on delivered.source_system = closed.source_system and delivered.source_record_id = closed.source_record_id
    -- a closed record that comes back is there again, whatever its own times say
    where coalesce(delivered.loaded_at >= closed.closed_at, true)
)

select
    source_system || ':' || source_record_id as record_id,
    '{{ kind }}' as kind,
    * exclude (recency, operation)
from ranked
where recency = 1 and operation = 'upsert'
{% endmacro %}
