{#-
    Whom to ask for a telephone number, mailbox or address again: none that we have is more likely alive than dead, by the decay
    that contact_decay_fit found or since a check or bounce said so. Asked is by the channel most likely to arrive, with a value of
    our own. Never asked: who opted out, who refused a word by the channel for whatever purpose, children, and who refused
    decisions made by calculation. For any other the basis is an agreement to surveys or marketing by the channel, or an order.
    What an answer is worth: the chance that the value is dead, that the question arrives, and what the customer buys in a year.
-#}
with points as (
    select
        points.*,
        row_number() over (
            partition by points.customer_id, points.kind order by points.contactability desc, points.value_rank
        ) as place
    from {{ ref('customer_contact_points') }} as points
),

decayed as (
    select
        customer_id,
        kind as field,
        case
            when verification_status = 'failed' or last_bounce_at >= coalesce(last_seen_at, last_bounce_at) then 'failed'
            else 'decayed'
        end as reason,
        1 - contactability as chance_dead,
        last_seen_at
    from points
    where place = 1 and contactability < 0.5
),

people as (
    select
        view.customer_id,
        view.order_count > 0 as has_bought
    from {{ ref('customer_360') }} as view
    where
        view.entity_type = 'person' and not view.is_suppressed and coalesce(view.age_years >= 14, true)
        and view.customer_id not in (select refused.customer_id from {{ ref('refused_profiling') }} as refused)
),

reachable as (
    select
        points.customer_id,
        points.kind,
        points.value,
        points.contactability,
        unnest(case
            when points.kind = 'email' then ['email']
            when points.kind = 'address' then ['post']
            when points.role in ('mobile', 'fixed_or_mobile') then ['phone', 'sms']
            else ['phone']
        end) as channel
    from points
    where points.is_usable
),

own as (
    select distinct
        delivered.customer_id,
        delivered.kind,
        delivered.value
    from {{ ref('contact_value_sources') }} as delivered
    inner join {{ ref('dim_acquisition_terms') }} as terms on delivered.source_system = terms.source_system
    where terms.acquisition_mode = 'own' and not coalesce(terms.matching_only, false)
),

said as (
    select
        customer_id,
        channel,
        bool_or(verdict = 'refused') as has_refused,
        bool_or(verdict = 'granted' and purpose in ('marketing', 'survey')) as has_agreed
    from {{ ref('customer_consents') }}
    where purpose in ('marketing', 'survey', 'service')
    group by customer_id, channel
),

barred as (
    select distinct
        kind,
        value,
        channel
    from {{ ref('barred_contact_values') }}
    where coalesce(effective_at::date <= {{ as_of_date() }}, true)
),

barred_channels as (
    select distinct
        reachable.customer_id,
        reachable.kind,
        reachable.value,
        reachable.channel
    from reachable
    inner join barred
        on reachable.kind = barred.kind and reachable.value = barred.value and barred.channel in ('any', reachable.channel)
),

asking as (
    select
        reachable.customer_id,
        arg_max(reachable.channel, (reachable.contactability, reachable.channel, reachable.value)) as ask_by,
        max(reachable.contactability) as chance_reached
    from reachable
    inner join people on reachable.customer_id = people.customer_id
    inner join own
        on reachable.customer_id = own.customer_id and reachable.kind = own.kind and reachable.value = own.value
    left join said on reachable.customer_id = said.customer_id and reachable.channel = said.channel
    left join barred_channels
        on
            reachable.customer_id = barred_channels.customer_id and reachable.kind = barred_channels.kind
            and reachable.value = barred_channels.value and reachable.channel = barred_channels.channel
    where
        barred_channels.customer_id is null
        and not coalesce(said.has_refused, false)
        and (people.has_bought or coalesce(said.has_agreed, false))
    group by reachable.customer_id
),

bought as (
    select
        customer_id,
        greatest(0, sum(net_value - unmatched_return_value)) as yearly_value
    from {{ ref('fct_orders') }}
    where ordered_at::date > {{ as_of_date() }} - 365 and ordered_at::date <= {{ as_of_date() }}
    group by customer_id
)

select
    decayed.customer_id,
    decayed.field,
    decayed.reason,
    decayed.last_seen_at,
    decayed.chance_dead::decimal(5, 4) as chance_dead,
    asking.ask_by,
    asking.chance_reached::decimal(5, 4) as chance_reached,
    coalesce(bought.yearly_value, 0)::decimal(38, 2) as yearly_value,
    (decayed.chance_dead::double * asking.chance_reached * coalesce(bought.yearly_value, 0)::double)::decimal(38, 2)
        as usefulness,
    -- of two who buy alike the one whose answer is likelier to come and to tell something new
    (row_number() over (
        order by
            decayed.chance_dead::double * asking.chance_reached * coalesce(bought.yearly_value, 0)::double desc,
            decayed.chance_dead::double * asking.chance_reached desc, decayed.customer_id asc, decayed.field asc
    ))::integer as priority
from decayed
inner join asking on decayed.customer_id = asking.customer_id
left join bought on decayed.customer_id = bought.customer_id
