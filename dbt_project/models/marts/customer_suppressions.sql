{#-
    Whom an opt-out is about: the customer that its record belongs to, the one whose id it names, and everybody who shares an
    identifier with it. A number or mailbox of many customers (a switchboard) is barred itself, see barred_contact_values, but
    speaks for nobody else.
-#}
with holders as (
    select
        field,
        value
    from {{ ref('record_identifiers') }}
    group by field, value
    having count(distinct customer_id) <= {{ var('most_holders') }}
),

told as (
    select
        xref.record_id,
        xref.customer_id,
        'record' as matched_by
    from {{ ref('customer_xref') }} as xref
    inner join {{ ref('suppression_scopes') }} as scopes on xref.record_id = scopes.record_id
    union
    select
        own.record_id,
        others.customer_id,
        own.field as matched_by
    from {{ ref('record_identifiers') }} as own
    inner join holders
        on own.field = holders.field and own.value = holders.value
    inner join {{ ref('record_identifiers') }} as others
        on own.field = others.field and own.value = others.value
    where own.kind = 'suppression' and others.customer_id is not null
    union
    select
        scopes.record_id,
        customers.customer_id,
        'customer_ref' as matched_by
    from {{ ref('suppression_scopes') }} as scopes
    left join {{ ref('customer_id_history') }} as history on scopes.customer_ref = history.customer_id
    inner join {{ ref('customers') }} as customers
        on coalesce(history.successor_id, scopes.customer_ref) = customers.customer_id
)

select
    told.customer_id,
    scopes.record_id,
    scopes.source_system,
    scopes.channel,
    scopes.purpose,
    scopes.reason,
    scopes.effective_at,
    scopes.is_final,
    list(distinct told.matched_by order by told.matched_by) as matched_by
from {{ ref('suppression_scopes') }} as scopes
inner join told on scopes.record_id = told.record_id
group by
    told.customer_id, scopes.record_id, scopes.source_system, scopes.channel, scopes.purpose, scopes.reason,
    scopes.effective_at, scopes.is_final
