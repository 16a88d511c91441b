{#-
    The current records of one kind: of all deliveries of a key the one with the latest event time wins, and a record
    that a snapshot closed is gone. Raw has one fixed schema per kind (pipelines/contracts/canonical_fields.csv), so
    that a new canonical field arrives here without an edit; layers after staging name their columns.
    event_columns: the kind's time columns, first one filled wins.
-#}
{% macro stage_kind(kind, event_columns) %}
with delivered as (
    select
        *,
        coalesce({{ event_columns | join(', ') }}, null::timestamp) as event_at
    from {{ source('raw', kind) }}
),

ranked as (
    select
        *,
        row_number() over (
            partition by source_system, source_record_id
            -- a correction that carries the same event time is the later load, then the later row; files of one night
            -- are loaded oldest first and never at the same moment (but for raw of before December 2026)
            order by event_at desc nulls last, loaded_at desc, delivery_id desc, row_number desc
        ) as recency
    from delivered
)

select
    source_system || ':' || source_record_id as record_id,
    '{{ kind }}' as kind,
    * exclude (recency, operation)
from ranked
where recency = 1 and operation = 'upsert'
{% endmacro %}
