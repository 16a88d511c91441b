{#-
    Whether customers whose contact with service was resolved buy again more often: of those who had bought before, the last
    complaint or service contact whose half year is over, and an order within it; beside them who had no contact until then, from
    the day half a year before the as-of date. A difference is no proof of a cause: who means to come back may also be easier to
    please.
-#}
with contacts as (
    select
        xref.customer_id,
        interactions.occurred_at,
        coalesce(outcomes.meaning, 'unknown') as outcome
    from {{ ref('stg_interactions') }} as interactions
    inner join {{ ref('customer_xref') }} as xref on interactions.record_id = xref.record_id
    left join {{ ref('contact_outcomes') }} as outcomes on lower(trim(interactions.outcome)) = outcomes.outcome
    where
        interactions.interaction_type in ('complaint', 'service_contact')
        and interactions.occurred_at::date <= {{ as_of_date() }} - 182
    qualify row_number() over (
        partition by xref.customer_id order by interactions.occurred_at desc, interactions.record_id desc
    ) = 1
),

bought as (
    select
        orders.customer_id,
        coalesce(any_value(contacts.outcome), 'no_contact') as outcome,
        bool_or(orders.ordered_at <= coalesce(contacts.occurred_at, {{ as_of_date() }} - 182)) as is_customer,
        bool_or(
            orders.ordered_at > coalesce(contacts.occurred_at, {{ as_of_date() }} - 182)
            and orders.ordered_at <= coalesce(contacts.occurred_at, {{ as_of_date() }} - 182) + interval 182 day
        ) as has_returned
    from {{ ref('fct_orders') }} as orders
    left join contacts on orders.customer_id = contacts.customer_id
    where not orders.is_return and orders.customer_id is not null and orders.ordered_at::date <= {{ as_of_date() }}
    group by orders.customer_id
),

counted as (
    select
        outcome,
        count(*) as customers,
        count(*) filter (where has_returned) as returned
    from bought
    where is_customer
    group by outcome
),

compared as (
    select
        counted.*,
        (counted.returned + 1) / (counted.customers + 2) - (others.returned + 1) / (others.customers + 2) as adjusted,
        sqrt(
            (counted.returned + 1) * (counted.customers - counted.returned + 1) / pow(counted.customers + 2, 3)
            + (others.returned + 1) * (others.customers - others.returned + 1) / pow(others.customers + 2, 3)
        ) as standard_error
    from counted
    left join counted as others on others.outcome = case when counted.outcome <> 'open' then 'open' end
)

select
    outcome,
    customers::integer as customers,
    returned::integer as returned_customers,
    (returned / customers)::decimal(5, 4) as retention,
    (1 - returned / customers)::decimal(5, 4) as churn,
    (adjusted - 1.96 * standard_error)::decimal(5, 4) as lift_low,
    (adjusted + 1.96 * standard_error)::decimal(5, 4) as lift_high
from compared
