{{ config(meta={'dated_by': {'market_figures': 'published_on'}}) }}
select
    figures.market,
    figures.metric,
    figures.player,
    figures.area_code,
    figures.period_start,
    figures.period_end,
    figures.value,
    figures.unit,
    figures.currency,
    -- money at the rate of the last day of the period
    case
        when figures.unit = 'money' then (figures.value * rates.rate)::decimal(38, 2)
        else figures.value
    end::decimal(38, 4) as comparable_value,
    figures.sample_size,
    figures.publisher,
    figures.title,
    figures.published_on,
    figures.licence,
    figures.is_example
from {{ ref('market_figures') }} as figures
asof left join {{ ref('currency_rates') }} as rates
    on figures.currency = rates.currency and figures.period_end >= rates.valid_from
where figures.published_on::date <= {{ as_of_date() }}
