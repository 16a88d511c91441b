{#- Of one moment the record that was delivered last; sources have no order of delivery among them. -#}
{%- set recency -%}
(
        coalesce(records.event_at, timestamp '1900-01-01'),
        records.source_system, records.delivered_at, records.row_number, records.record_id
    )
{%- endset -%}
select
    xref.customer_id,
    arg_max(records.member_no, {{ recency }}) as member_no,
    arg_max(records.membership_tier, {{ recency }})
        filter (where records.membership_tier is not null) as tier,
    arg_max(records.membership_status, {{ recency }})
        filter (where records.membership_status is not null) as status,
    min(records.registered_at) as joined_at,
    max(records.event_at) as last_change_at,
    count(distinct records.member_no)::integer as card_count
from {{ ref('stg_registrations') }} as records
inner join {{ ref('customer_xref') }} as xref on records.record_id = xref.record_id
inner join {{ ref('dim_acquisition_terms') }} as terms on records.source_system = terms.source_system
where records.member_no is not null and terms.acquisition_mode = 'own'
group by xref.customer_id
