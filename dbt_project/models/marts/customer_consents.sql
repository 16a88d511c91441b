{#- The strictest of all statements in force: one refusal outweighs every agreement. -#}
select
    customer_id,
    purpose,
    channel,
    case when bool_or(verdict = 'refused') then 'refused' else 'granted' end as verdict,
    max(told_at) filter (where verdict = 'granted') as granted_at,
    max(told_at) filter (where verdict = 'refused') as refused_at,
    arg_max(text_version, told_at) filter (where verdict = 'granted') as text_version,
    list(distinct source_system order by source_system) as sources
from {{ ref('consent_ledger') }}
where is_in_force
group by customer_id, purpose, channel
