-- Nothing is lost silently: every standardised record is either resolved to a customer or listed as unidentified.
select records.record_id
from {{ ref('std_records') }} as records
left join {{ ref('resolved') }} as resolved on records.record_id = resolved.record_id
left join {{ ref('unidentified_records') }} as unidentified on records.record_id = unidentified.record_id
where (resolved.record_id is null) = (unidentified.record_id is null)
