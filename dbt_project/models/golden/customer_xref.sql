select
    records.source_system,
    records.source_record_id,
    resolved.customer_id,
    resolved.record_id,
    records.entity_type
from {{ ref('resolved') }} as resolved
inner join {{ ref('identity_records') }} as records
    on resolved.record_id = records.record_id
