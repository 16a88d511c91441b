with baskets as (
    select distinct
        order_id,
        product_id
    from {{ ref('fct_transactions') }}
    where product_id is not null and not is_return
),

products as (
    select
        product_id,
        count(*) as orders
    from baskets
    group by product_id
),

total as (
    select count(distinct order_id) as orders
    from baskets
),

pairs as (
    select
        one.product_id,
        other.product_id as with_product_id,
        count(*) as orders
    from baskets as one
    inner join baskets as other on one.order_id = other.order_id and one.product_id <> other.product_id
    group by one.product_id, other.product_id
    having count(*) >= 2
)

select
    pairs.product_id,
    pairs.with_product_id,
    pairs.orders::integer as order_count,
    (pairs.orders / total.orders)::decimal(9, 6) as support,
    (pairs.orders / this.orders)::decimal(9, 6) as confidence,
    (pairs.orders * total.orders / (this.orders * other.orders))::decimal(18, 4) as lift
from pairs
cross join total
inner join products as this on pairs.product_id = this.product_id
inner join products as other on pairs.with_product_id = other.product_id
