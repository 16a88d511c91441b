with filled as (
    select
        customer_values.field,
        count(*) as customers
    from {{ ref('customer_values') }} as customer_values
    where customer_values.is_golden
    group by customer_values.field
),

inferred as (
    select
        case field when 'sex' then 'gender' when 'age_band' then 'birth_date' else field end as field,
        count(*) as customers
    from {{ ref('customer_inferred') }}
    group by all
),

places as (
    select
        count(*) as all_customers,
        count(city) as city,
        count(province) as province
    from {{ ref('customers') }}
)

select
    goals.goal,
    goals.field,
    case goals.field when 'city' then places.city when 'province' then places.province else coalesce(filled.customers, 0) end
        ::integer as observed_customers,
    coalesce(inferred.customers, 0)::integer as inferred_customers,
    places.all_customers::integer as all_customers,
    (
        case goals.field when 'city' then places.city when 'province' then places.province else coalesce(filled.customers, 0)
        end / nullif(places.all_customers, 0)
    )::decimal(5, 4) as observed_share
from {{ ref('field_goals') }} as goals
cross join places
left join filled on goals.field = filled.field
left join inferred on goals.field = inferred.field
