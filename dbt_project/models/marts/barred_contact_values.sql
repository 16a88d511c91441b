{#- Also those that many share, and those of opt-outs whose person nobody knows. -#}
with suppressed as (
    select distinct
        record_id,
        field,
        value
    from {{ ref('record_identifiers') }}
    where kind = 'suppression' and field in ('phone', 'email')
),

-- opt-outs meet under the key that spellings of one mailbox share, contact points are written out
spellings as (
    select distinct
        'email' as field,
        email_match_key as value,
        email_normal as written
    from {{ ref('std_record_emails') }}
    where email_match_key is not null and email_normal is not null
    union all
    select distinct
        'phone' as field,
        phone_e164 as value,
        phone_e164 as written
    from {{ ref('std_record_phones') }}
    where phone_e164 is not null
)

select
    suppressed.field as kind,
    spellings.written as value,
    scopes.channel,
    scopes.purpose,
    scopes.reason,
    scopes.effective_at,
    scopes.record_id,
    scopes.source_system
from suppressed
inner join spellings on suppressed.field = spellings.field and suppressed.value = spellings.value
inner join {{ ref('suppression_scopes') }} as scopes on suppressed.record_id = scopes.record_id
