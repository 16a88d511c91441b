{#-
    Opt-outs as sources deliver them, and refusals of registrations that left a snapshot: who said no and is no longer on the list
    has not said yes. Such a record stays as an opt-out of its purpose under its own key, until it comes back to the list.
-#}
{%- set of_registrations = [
    'batch_id', 'form_version', 'campaign_id', 'prize_or_gift', 'gift_cost', 'consent_marketing', 'consent_channels',
    'consent_text_version', 'consent_purposes', 'consent_at', 'guardian_consent', 'membership_tier', 'membership_status',
    'subscription_ends_at', 'origin_source',
] -%}

with told as (
    {{ stage_kind('suppression', ['effective_at', 'updated_at'], version='updated_at') }}
),

statements as (
    select
        records.*,
        deliveries.delivered_at,
        coalesce(records.updated_at, records.registered_at, records.collected_at) as event_at,
        row_number() over (
            partition by records.source_system, records.source_record_id
            order by deliveries.delivered_at desc, deliveries.file_name desc, records.loaded_at desc, records.row_number desc
        ) as recency
    from {{ source('raw', 'registration') }} as records
    inner join {{ source('raw', 'deliveries') }} as deliveries
        on records.source_system = deliveries.source_system and records.delivery_id = deliveries.delivery_id
    where records.operation = 'upsert' and records.consent_marketing is not null
),

refused as (
    select
        statements.source_system || ':' || statements.source_record_id as record_id,
        'suppression' as kind,
        statements.* exclude (recency, operation, {{ of_registrations | join(', ') }}),
        'purpose' as scope,
        -- one purpose is barred as such; several, or a word that nobody knows, bar everything
        coalesce(nullif(trim(statements.consent_purposes), ''), 'marketing') as scope_value,
        'opt_out' as reason,
        coalesce(statements.consent_at, statements.event_at) as effective_at
    from statements
    left join {{ ref('stg_registrations') }} as kept
        on statements.source_system = kept.source_system and statements.source_record_id = kept.source_record_id
    where statements.recency = 1 and not statements.consent_marketing and kept.record_id is null
)

select * from told
union all by name
select * from refused
