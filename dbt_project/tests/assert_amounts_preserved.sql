-- Money must not appear or vanish between staging and the fact table.
with staged as (
    select
        coalesce(sum(amount), 0) as total,
        count(*) as line_count
    from {{ ref('stg_transactions') }}
),

published as (
    select
        coalesce(sum(amount), 0) as total,
        count(*) as line_count
    from {{ ref('fct_transactions') }}
)

select staged.total
from staged
cross join published
where staged.total <> published.total or staged.line_count <> published.line_count
