with members as (
    select distinct
        source_system,
        customer_id
    from {{ ref('list_members') }}
),

sizes as (
    select
        source_system,
        count(*) as customers
    from members
    group by source_system
)

select
    one.source_system,
    other.source_system as other_source_system,
    count(*)::integer as shared_customers,
    (count(*) / any_value(sizes.customers))::decimal(5, 4) as share_of_list
from members as one
inner join members as other on one.customer_id = other.customer_id and one.source_system <> other.source_system
inner join sizes on one.source_system = sizes.source_system
group by one.source_system, other.source_system
