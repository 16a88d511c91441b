{#-
    What people said about consent, of every delivery of their records, so that a later file does not erase what an earlier one
    told. Only changes count: a record that is delivered again for another reason is no new consent. Agreeing is dated at its
    earliest, refusing at its latest possible time.
-#}
with delivered as (
    select
        records.*,
        deliveries.delivered_at,
        deliveries.file_name as delivered_file,
        coalesce(records.updated_at, records.registered_at, records.collected_at) as event_at,
        concat_ws(
            '|', records.consent_marketing, records.guardian_consent, records.consent_channels, records.consent_purposes,
            records.consent_text_version, records.consent_at
        ) as statement
    from {{ source('raw', 'registration') }} as records
    inner join {{ source('raw', 'deliveries') }} as deliveries
        on records.source_system = deliveries.source_system and records.delivery_id = deliveries.delivery_id
    where
        records.operation = 'upsert'
        and (records.consent_marketing is not null or records.guardian_consent is not null)
),

ordered as (
    select
        *,
        lag(statement) over following as statement_before,
        row_number() over following as statement_no
    from delivered
    window following as (
        partition by source_system, source_record_id
        order by event_at nulls first, delivered_at, delivered_file, loaded_at, row_number
    )
)

select
    source_system || ':' || source_record_id as record_id,
    source_system,
    consent_marketing as is_agreed,
    guardian_consent,
    consent_purposes,
    consent_channels,
    consent_text_version,
    case
        when consent_at is not null then consent_at
        when consent_marketing and statement_no = 1 then coalesce(registered_at, collected_at, updated_at)
        else event_at
    end as told_at,
    delivered_at,
    statement_no
from ordered
where statement is distinct from statement_before
