{#- Figures about an area are left out: our sales are not known by the market's area. -#}
{{ config(meta={'dated_by': {'fct_transactions': 'transacted_at', 'customer_associated': 'measured_on'}}) }}
with told as (
    select *
    from {{ ref('market_reference') }}
    where
        player = '*' and area_code is null and comparable_value is not null
        and metric in ('size', 'demand', 'satisfaction')
),

-- joined by months first: each figure would be held against each of our rows otherwise
months as (
    select
        market,
        metric,
        period_start,
        period_end,
        publisher,
        unnest(generate_series(date_trunc('month', period_start), period_end::timestamp, interval 1 month))::date as first_day
    from told
),

sales as (
    select
        months.market,
        months.metric,
        months.period_start,
        months.period_end,
        months.publisher,
        sum(case months.metric when 'size' then bought.value else bought.net_quantity end) as ours
    from months
    inner join {{ ref('fct_transactions') }} as bought
        on
            months.first_day = date_trunc('month', bought.transacted_at)::date
            and bought.transacted_at::date between months.period_start and months.period_end
            and (months.market = '*' or months.market = bought.product_category)
    where months.metric in ('size', 'demand') and bought.transacted_at::date <= {{ as_of_date() }}
    group by all
),

satisfied as (
    select
        months.market,
        months.metric,
        months.period_start,
        months.period_end,
        months.publisher,
        avg(answers.share_of_scale) as ours,
        count(*) as answers
    from months
    inner join {{ ref('customer_associated') }} as answers
        on
            months.first_day = date_trunc('month', answers.measured_on)::date
            and answers.measured_on between months.period_start and months.period_end
    where
        months.metric = 'satisfaction' and months.market = '*'
        and answers.measure = 'satisfaction' and answers.origin = 'surveyed'
        and answers.measured_on::date <= {{ as_of_date() }}
    group by all
),

ours as (
    select
        *,
        null as answers
    from sales
    union all by name
    select * from satisfied
)

select
    told.market,
    told.metric,
    told.period_start,
    told.period_end,
    told.comparable_value as market_value,
    ours.ours::decimal(38, 4) as our_value,
    case when told.metric in ('size', 'demand') then (ours.ours / nullif(told.comparable_value, 0))::decimal(18, 6)
    end as our_share,
    case when told.metric = 'satisfaction' then (ours.ours - told.comparable_value)::decimal(18, 4) end as difference,
    ours.answers::integer as our_answer_count,
    told.sample_size,
    told.publisher,
    told.published_on,
    told.is_example
from told
left join ours
    on
        told.market = ours.market
        and told.metric = ours.metric
        and told.period_start = ours.period_start
        and told.period_end = ours.period_end
        and told.publisher = ours.publisher
