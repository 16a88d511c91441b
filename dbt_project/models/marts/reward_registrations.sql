{#-
    Registrations given for a prize or gift are quick and many, and some people enter more than once: what the rewards
    cost per customer, and which promotions look farmed. A promotion is what was promised at one source.
-#}
with rewarded as (
    select
        registrations.record_id,
        registrations.source_system,
        coalesce(registrations.prize_or_gift, registrations.campaign_id, sources.channel) as promotion,
        registrations.event_at,
        registrations.gift_cost,
        coalesce(sources.price_currency, sources.default_currency) as cost_currency,
        xref.customer_id
    from {{ ref('stg_registrations') }} as registrations
    inner join {{ ref('stg_sources') }} as sources on registrations.source_system = sources.source_system
    left join {{ ref('customer_xref') }} as xref on registrations.record_id = xref.record_id
    where registrations.prize_or_gift is not null or sources.channel in ('prize_registration', 'prize_card', 'gift')
),

-- one number on the entries of several people
shared as (
    select
        rewarded.source_system,
        rewarded.promotion,
        phones.phone_e164,
        count(distinct rewarded.customer_id) as people
    from rewarded
    inner join {{ ref('std_record_phones') }} as phones on rewarded.record_id = phones.record_id
    where phones.phone_status in ('valid', 'repaired')
    group by all
),

sharing as (
    select
        source_system,
        promotion,
        sum(people) as people
    from shared
    where people > 3
    group by all
),

days as (
    select
        source_system,
        promotion,
        event_at::date as entered_on,
        count(*) as entries
    from rewarded
    where event_at is not null
    group by all
),

bursts as (
    select
        source_system,
        promotion,
        max(entries) as entries,
        -- of several such days the latest
        max_by(entered_on, (entries, entered_on)) as entered_on,
        (sum(entries) - max(entries)) / nullif(count(*) - 1, 0) as usual
    from days
    group by all
),

counted as (
    select
        source_system,
        promotion,
        cost_currency,
        count(*) as registrations,
        count(customer_id) as identified,
        count(distinct customer_id) as customers,
        sum(gift_cost) as total_cost
    from rewarded
    group by all
)

select
    counted.source_system,
    counted.promotion,
    counted.registrations::integer as registration_count,
    counted.customers::integer as customer_count,
    (counted.identified - counted.customers)::integer as repeat_entries,
    ((counted.identified - counted.customers) / nullif(counted.identified, 0))::decimal(5, 4) as repeat_share,
    coalesce(sharing.people, 0)::integer as customers_sharing_a_phone,
    coalesce(bursts.entries, 0)::integer as busiest_day_entries,
    bursts.entered_on as busiest_day,
    -- ten times the usual day, and more than a handful
    coalesce(bursts.entries >= 20 and bursts.entries > 10 * bursts.usual, false) as is_burst,
    counted.total_cost::decimal(38, 2) as total_cost,
    counted.cost_currency,
    (counted.total_cost / nullif(counted.registrations, 0))::decimal(38, 2) as cost_per_record,
    (counted.total_cost / nullif(counted.customers, 0))::decimal(38, 2) as cost_per_customer
from counted
left join sharing on counted.source_system = sharing.source_system and counted.promotion = sharing.promotion
left join bursts on counted.source_system = bursts.source_system and counted.promotion = bursts.promotion
