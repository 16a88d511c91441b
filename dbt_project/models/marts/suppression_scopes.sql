{#- What an opt-out bars, in our words; a word that nobody knows bars everything. Looked up, never published. -#}
{{ config(schema='marts_work', access='private') }}
with scoped as (
    select
        suppressed.record_id,
        suppressed.source_system,
        coalesce(suppressed.reason, 'opt_out') as reason,
        suppressed.effective_at,
        trim(suppressed.customer_ref) as customer_ref,
        coalesce(suppressed.reason in ('deceased', 'erasure'), false) as is_final,
        suppressed.scope,
        words.channel,
        purposes.purpose
    from {{ ref('stg_suppressions') }} as suppressed
    left join {{ ref('channel_words') }} as words on lower(trim(suppressed.scope_value)) = words.word
    left join {{ ref('purposes') }} as purposes on lower(trim(suppressed.scope_value)) = purposes.purpose
)

select
    record_id,
    source_system,
    reason,
    effective_at,
    customer_ref,
    is_final,
    case when scope = 'channel' and not is_final then coalesce(channel, 'any') else 'any' end as channel,
    case when scope = 'purpose' and not is_final then coalesce(purpose, 'any') else 'any' end as purpose
from scoped
union
-- who is on a do-not-call list is not called, whatever else the row says
select
    record_id,
    source_system,
    reason,
    effective_at,
    customer_ref,
    is_final,
    'phone' as channel,
    'any' as purpose
from scoped
where reason = 'do_not_call'
