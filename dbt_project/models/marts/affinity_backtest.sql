{#-
    Whether products that go together (as product_affinity has it) sell better beside the first product of a receipt than what is
    sold most: both learn from receipts up to half a year before the as-of date and are judged by those since. An offer is three
    products beside the first one; it is taken where the receipt holds one of them.
-#}
with lines as (
    select
        order_id,
        product_id,
        min(channel) as channel,
        min(line_place) as place,
        sum(value) as value,
        min(transacted_at)::date <= {{ as_of_date() }} - 182 as is_known
    from {{ ref('fct_transactions') }}
    where
        product_id is not null and not is_return and not coalesce(is_cancelled, false)
        and transacted_at::date <= {{ as_of_date() }}
    group by order_id, product_id
),

products as (
    select
        product_id,
        count(*) as orders
    from lines
    where is_known
    group by product_id
),

pairs as (
    select
        one.product_id,
        other.product_id as with_product_id,
        count(*) as orders
    from lines as one
    inner join lines as other on one.order_id = other.order_id and one.product_id <> other.product_id
    where one.is_known
    group by one.product_id, other.product_id
    having count(*) >= 2
),

sold_most as (
    select
        product_id,
        orders
    from products
    order by orders desc, product_id
    limit 4
),

ranked as (
    select
        'affinity' as method,
        product_id,
        with_product_id,
        row_number() over (partition by product_id order by orders desc, with_product_id) as place
    from pairs
    union all
    select
        'popularity' as method,
        products.product_id,
        sold_most.product_id as with_product_id,
        row_number() over (partition by products.product_id order by sold_most.orders desc, sold_most.product_id) as place
    from products
    cross join sold_most
    where products.product_id <> sold_most.product_id
),

firsts as (
    select
        order_id,
        channel,
        product_id
    from lines
    where not is_known
    qualify row_number() over (partition by order_id order by place) = 1
),

-- of a first product that was never sold before neither says anything
asked as (
    select
        firsts.order_id,
        firsts.channel,
        firsts.product_id
    from firsts
    inner join products on firsts.product_id = products.product_id
),

-- made first: joined to what is sold most before its receipt is known, a line would meet every offer of its product
beside as materialized (
    select
        asked.order_id,
        asked.product_id,
        lines.product_id as with_product_id,
        lines.value
    from asked
    inner join lines on asked.order_id = lines.order_id and asked.product_id <> lines.product_id
),

taken as (
    select
        ranked.method,
        beside.order_id,
        sum(beside.value) as value
    from beside
    inner join ranked on beside.product_id = ranked.product_id and beside.with_product_id = ranked.with_product_id
    where ranked.place <= 3
    group by ranked.method, beside.order_id
),

offered as (
    select
        order_id,
        channel,
        unnest(['affinity', 'popularity']) as method
    from asked
),

counted as (
    select
        offered.channel,
        offered.method,
        count(*) as offers,
        count(taken.order_id) as taken,
        sum(taken.value) as taken_value
    from offered
    left join taken on offered.order_id = taken.order_id and offered.method = taken.method
    group by offered.channel, offered.method
)

select
    channel,
    method,
    offers::integer as offers,
    taken::integer as taken_offers,
    (taken / offers)::decimal(5, 4) as take_rate,
    -- Agresti and Caffo: one success and one failure added
    sqrt((taken + 1) * (offers - taken + 1) / pow(offers + 2, 3))::decimal(9, 6) as standard_error,
    coalesce(taken_value, 0)::decimal(38, 2) as taken_value
from counted
