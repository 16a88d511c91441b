-- Money must not appear or vanish between staging and the fact table: the same lines, each with its amount.
with compared as (
    select
        (select count(*) from {{ ref('stg_transactions') }}) as staged_lines,
        (select count(*) from {{ ref('fct_transactions') }}) as published_lines,
        (select coalesce(sum({{ line_amount('staged') }}), 0) from {{ ref('stg_transactions') }} as staged) as staged_total,
        (select coalesce(sum(published.amount), 0) from {{ ref('fct_transactions') }} as published) as published_total
)

select
    'every transaction line is published' as rule,
    abs(staged_lines - published_lines) as failures
from compared
where staged_lines <> published_lines
union all
select
    'the sum of amounts is the one of staging' as rule,
    staged_lines as failures
from compared
where staged_total <> published_total
