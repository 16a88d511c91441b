{#-
    What was told of an organisation at each time, older versions of a record among them: a key whose state changes keeps its
    history. Told twice for one time, the later delivery counts.
-#}
with delivered as (
    select
        records.*,
        deliveries.delivered_at,
        deliveries.file_name as delivered_file,
        coalesce(records.status_at, records.updated_at, records.registered_at, records.collected_at) as stated_at
    from {{ source('raw', 'organisation') }} as records
    inner join {{ source('raw', 'deliveries') }} as deliveries
        on records.source_system = deliveries.source_system and records.delivery_id = deliveries.delivery_id
    where records.operation = 'upsert'
)

select
    source_system || ':' || source_record_id as record_id,
    * exclude (operation, delivered_file)
from delivered
qualify row_number() over (
    partition by source_system, source_record_id, stated_at
    order by delivered_at desc, delivered_file desc, loaded_at desc, row_number desc
) = 1
