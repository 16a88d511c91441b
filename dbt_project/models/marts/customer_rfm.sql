with bought as (
    select
        customer_id,
        min(ordered_at) filter (where not is_return) as first_order_at,
        max(ordered_at) filter (where not is_return) as last_order_at,
        count(*) filter (where not is_return) as order_count,
        sum(net_value - unmatched_return_value) as net_value
    from {{ ref('fct_orders') }}
    where
        customer_id is not null and ordered_at::date <= {{ as_of_date() }}
        and customer_id not in (select refused.customer_id from {{ ref('refused_profiling') }} as refused)
    group by customer_id
),

-- equal values get equal scores, so that a score never depends on the order of rows
scored as (
    select
        *,
        date_diff('day', last_order_at::date, {{ as_of_date() }}) as days_since_order,
        date_diff('day', first_order_at::date, {{ as_of_date() }}) as days_known,
        least(5, 1 + floor(5 * percent_rank() over (order by last_order_at::date)))::integer as recency,
        least(5, 1 + floor(5 * percent_rank() over (order by order_count)))::integer as frequency,
        least(5, 1 + floor(5 * percent_rank() over (order by net_value)))::integer as monetary
    from bought
    where order_count > 0
)

select
    scored.customer_id,
    scored.first_order_at,
    scored.last_order_at,
    scored.days_since_order::integer as days_since_order,
    scored.order_count::integer as order_count,
    scored.net_value::decimal(38, 2) as net_value,
    scored.recency,
    scored.frequency,
    scored.monetary,
    coalesce(arg_min(segments.segment, segments.priority), 'occasional') as segment
from scored
left join {{ ref('rfm_segments') }} as segments
    on
        scored.recency between segments.min_recency and segments.max_recency
        and scored.frequency between segments.min_frequency and segments.max_frequency
        and scored.monetary between segments.min_monetary and segments.max_monetary
        and scored.days_known <= segments.max_days_known
group by all
