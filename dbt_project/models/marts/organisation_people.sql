select
    records.record_id,
    coalesce(standardised.organisation_id, standardised.organisation_key) as organisation_ref,
    standardised.organisation_name,
    standardised.organisation_id,
    case when xref.entity_type = 'person' then xref.customer_id end as person_customer_id,
    case when xref.entity_type = 'organisation' then xref.customer_id end as organisation_customer_id,
    records.role,
    records.industry,
    records.size,
    records.status,
    records.event_at as status_at,
    row_number() over (
        partition by coalesce(standardised.organisation_id, standardised.organisation_key)
        order by
            records.event_at desc nulls last,
            records.source_system desc,
            records.delivered_at desc,
            records.row_number desc,
            records.record_id desc
    ) = 1 as is_latest
from {{ ref('stg_organisations') }} as records
inner join {{ ref('std_records') }} as standardised on records.record_id = standardised.record_id
left join {{ ref('customer_xref') }} as xref on records.record_id = xref.record_id
where coalesce(standardised.organisation_id, standardised.organisation_key) is not null
