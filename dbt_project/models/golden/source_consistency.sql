select
    consistency.source_system,
    consistency.rule,
    rules.severity,
    count(*)::integer as judged_count,
    count(*) filter (where consistency.is_broken)::integer as broken_count,
    avg(consistency.is_broken::integer)::decimal(5, 4) as broken_share,
    any_value(rules.warn_share)::decimal(5, 4) as warn_share
from {{ ref('record_consistency') }} as consistency
inner join {{ ref('consistency_rules') }} as rules on consistency.rule = rules.rule
group by consistency.source_system, consistency.rule, rules.severity
