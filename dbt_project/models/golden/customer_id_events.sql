with entries as (
    select
        entry,
        token,
        customer_id,
        previous_customer_id,
        successor_id,
        reason,
        at_date
    from {{ source('state', 'identity_ledger') }}

    union all

    select
        entry,
        token,
        customer_id,
        previous_customer_id,
        successor_id,
        reason,
        at_date
    from {{ ref('identity_ledger_entries') }}
)

-- a record that comes anew changes nothing about anybody's id
select
    at_date as "at",
    reason as event,
    previous_customer_id as from_customer_id,
    customer_id as to_customer_id,
    count(distinct token)::bigint as record_count
from entries
where entry = 'assign' and reason <> 'new'
group by all

union all

select distinct
    at_date as "at",
    'retired' as event,
    customer_id as from_customer_id,
    successor_id as to_customer_id,
    0::bigint as record_count
from entries
where entry = 'retire'
