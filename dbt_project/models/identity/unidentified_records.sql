select
    records.record_id,
    records.source_system,
    records.source_record_id,
    records.kind
from {{ ref('std_records') }} as records
left join {{ ref('identity_records') }} as identified
    on records.record_id = identified.record_id
where identified.record_id is null
