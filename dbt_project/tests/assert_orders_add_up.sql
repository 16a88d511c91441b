{{ config(severity='warn') }}
-- Orders whose lines do not add up to their delivered total: a unit price is taken for the amount of a line, or lines lack.
with judged as (
    select
        source_system,
        count(*) as order_count,
        count(*) filter (where total_gap > 0.01 * (line_count + 1)) as differing
    from {{ ref('fct_orders') }}
    where total_gap is not null
    group by source_system
)

select
    source_system || ' has orders that differ from their total' as rule,
    differing as failures
from judged
where order_count >= 20 and differing > 0.1 * order_count
