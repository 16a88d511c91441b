with fields as (
    {{ phone_fields() }}
)

select
    fields.record_id,
    row_number() over (partition by fields.record_id order by fields.field_no, phones.number_no) as position,
    phones.phone_raw,
    phones.phone_e164,
    phones.phone_kind,
    phones.phone_region,
    phones.phone_extension,
    phones.phone_status,
    phones.phone_reason
from fields
inner join {{ ref('std_phones') }} as phones
    on fields.field_raw = phones.field_raw and fields.region = phones.region
