{#-
    Who delivered a value, since only that says for what it may be used. That we sent to it, or that it bounced, delivers
    nothing (delivers of seeds/evidence_effects.csv): an address from a lease does not become our own by our writing to it.
-#}
select
    customer_id,
    field as kind,
    value,
    source_system,
    count(distinct record_id)::integer as record_count,
    min(seen_at) as first_seen_at,
    max(seen_at) as last_seen_at
from {{ ref('customer_observations') }}
where delivers and field in ('phone', 'email', 'address', 'display_name')
group by customer_id, field, value, source_system
