select
    consistency.source_system,
    consistency.source_record_id,
    consistency.record_id,
    consistency.rule,
    rules.severity
from {{ ref('record_consistency') }} as consistency
inner join {{ ref('consistency_rules') }} as rules on consistency.rule = rules.rule
where consistency.is_broken
