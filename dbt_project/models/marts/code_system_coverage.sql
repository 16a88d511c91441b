{#- Words that a code list lacks are counted, not shown: somebody may have written anything. -#}
select
    code_system,
    source_system,
    count(*)::integer as told_count,
    count(code)::integer as read_count,
    (count(code) / count(*))::decimal(5, 4) as read_share
from {{ ref('psychographic_statements') }}
group by code_system, source_system
