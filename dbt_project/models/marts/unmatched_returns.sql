{#-
    Pieces that came back on a receipt of returns only, and that their customer had not bought before as far as we know: bought
    for cash, elsewhere, or under a name that is nobody's yet. Of each product a running balance of bought less returned says how
    many pieces are missing, and whatever the balance falls short by, more than it did before, was never bought.
    A return on the receipt of its purchase is known by that. A line without a quantity counts as one piece.
-#}
with movements as (
    select
        record_id,
        order_id,
        source_system,
        -- as of the order: of lines that name several people the first that names one decides
        first_value(customer_id ignore nulls) over (
            partition by order_id order by line_place rows between unbounded preceding and unbounded following
        ) as customer_id,
        product_id,
        transacted_at,
        is_return,
        value,
        bool_and(is_return) over (partition by order_id) as is_return_only,
        -- on one day a purchase goes before a return, since many sources tell no hour; one without a day was before all returns
        coalesce(transacted_at::date, case when is_return then date '9999-12-31' else date '0001-01-01' end) as day,
        coalesce(nullif(net_quantity, 0), case when is_return then -1 else 1 end) as pieces
    from {{ ref('fct_transactions') }}
    where not coalesce(is_cancelled, false)
),

balances as (
    select
        *,
        row_number() over one_by_one as place,
        sum(pieces) over one_by_one as balance
    from movements
    where customer_id is not null
    window one_by_one as (
        partition by customer_id, product_id
        order by day, is_return, record_id
        rows between unbounded preceding and current row
    )
),

short as (
    select
        *,
        greatest(0, -min(balance) over (
            partition by customer_id, product_id order by place rows between unbounded preceding and current row
        )) as missing_pieces
    from balances
),

counted as (
    select
        * exclude (place, balance, missing_pieces),
        missing_pieces - coalesce(lag(missing_pieces) over (partition by customer_id, product_id order by place), 0) as unmatched
    from short
    union all by name
    -- of a receipt that names nobody no purchase can be known
    select
        *,
        -pieces as unmatched
    from movements
    where customer_id is null
)

select
    record_id,
    order_id,
    source_system,
    customer_id,
    product_id,
    transacted_at as returned_at,
    (-pieces)::decimal(18, 4) as returned_quantity,
    unmatched::decimal(18, 4) as unmatched_quantity,
    case
        when unmatched = -pieces then value
        else round(value::double * unmatched::double / -pieces::double, 2)::decimal(38, 2)
    end as unmatched_value
from counted
where is_return_only and unmatched > 0
