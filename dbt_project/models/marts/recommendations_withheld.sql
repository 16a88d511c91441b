{#- Everybody who gets no recommendation, and the first reason that holds. -#}
with won as (
    select coalesce(bool_or(is_published), false) as has_won
    from {{ ref('recommendation_predictions') }}
    where part = 'backtest'
),

buyers as (
    select distinct customer_id
    from {{ ref('prediction_baskets') }}
)

select
    customers.customer_id,
    case
        when refused.customer_id is not null then 'refused_profiling'
        when buyers.customer_id is null then 'no_product_known'
        when not won.has_won then 'no_better_than_popular'
        else 'nothing_left_to_recommend'
    end as reason
from {{ ref('customers') }} as customers
cross join won
left join {{ ref('refused_profiling') }} as refused on customers.customer_id = refused.customer_id
left join buyers on customers.customer_id = buyers.customer_id
where customers.customer_id not in (select recommended.customer_id from {{ ref('customer_recommendations') }} as recommended)
