{{ config(severity='warn') }}
-- Birth dates, numbers and mailboxes that so many names of a source share that they name nobody; they take no part in identity.
select
    source_system || ' has a ' || replace(field, '_', ' ') || ' that a hundredth of its records share' as rule,
    sum(record_count)::bigint as failures
from {{ ref('std_frequent_values') }}
group by source_system, field
