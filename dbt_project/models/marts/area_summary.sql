{#- Of several figures of one measure the latest one that was published by the as-of date counts. -#}
{{ config(meta={'dated_by': {'area_figures': 'published_on'}}) }}
with figures as (
    select *
    from {{ ref('area_figures') }}
    where published_on::date <= {{ as_of_date() }}
    qualify row_number() over (partition by area_code, measure order by valid_on desc, published_on desc) = 1
),

ours as (
    select
        area_code,
        count(distinct customer_id) as customers
    from {{ ref('customer_areas') }}
    group by area_code
)

select
    figures.area_code,
    figures.area_level,
    figures.area_name,
    figures.measure,
    figures.value as area_value,
    figures.unit,
    figures.people,
    coalesce(ours.customers, 0)::integer as customer_count,
    (100000 * coalesce(ours.customers, 0) / nullif(figures.people, 0))::decimal(18, 3) as customers_per_100000,
    figures.valid_on,
    figures.publisher,
    figures.title,
    figures.published_on
from figures
left join ours on figures.area_code = ours.area_code
