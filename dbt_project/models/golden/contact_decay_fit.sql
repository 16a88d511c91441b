{#-
    Exponential survival from tests only: a check, a bounce, or a message of ours that did not come back, each with the
    time since the last sign of life before it. What nobody tested says nothing, or silence would look like long life.
    Who failed died somewhere in between: half of the time counts. The prior weighs as much as 25 deaths.
-#}
with sightings as (
    select
        *,
        max(case when confirms then seen_at end) over (
            partition by customer_id, field, value
            order by seen_at, record_id
            rows between unbounded preceding and 1 preceding
        ) as alive_at
    from {{ ref('customer_observations') }}
    where field in ('phone', 'email', 'address') and seen_at is not null
),

tests as (
    select
        case
            when sightings.field = 'email' and personal.domain is null then 'company_email'
            else sightings.field
        end as field,
        sightings.verdict = -1 as has_died,
        greatest(date_diff('day', sightings.alive_at::date, sightings.seen_at::date), 1) / 30.4375 as months
    from sightings
    left join {{ ref('personal_email_domains') }} as personal
        on regexp_extract(sightings.value, '@(.+)$', 1) = personal.domain
    where sightings.alive_at is not null and (sightings.verdict <> 0 or not sightings.confirms)
),

counted as (
    select
        field,
        count(*) as test_count,
        count(*) filter (where has_died) as deaths,
        sum(case when has_died then months / 2 else months end) as exposure_months
    from tests
    group by field
)

select
    assumed.field,
    coalesce(counted.test_count, 0)::integer as test_count,
    coalesce(counted.deaths, 0)::integer as deaths,
    coalesce(counted.exposure_months, 0)::decimal(18, 1) as exposure_months,
    assumed.monthly_decay::decimal(9, 6) as prior_decay,
    -- many that died within a day of their last sign of life make a rate above one a month
    least(
        1, (25 + coalesce(counted.deaths, 0)) / (25 / assumed.monthly_decay + coalesce(counted.exposure_months, 0))
    )::decimal(9, 6) as monthly_decay
from {{ ref('contact_decay') }} as assumed
left join counted on assumed.field = counted.field
