with fields as (
    {% for column in email_columns() %}
    select
        record_id,
        {{ loop.index }} as field_no,
        {{ column }} as field_raw
    from {{ ref('stg_records') }}
    where {{ column }} is not null
    {% if not loop.last %}union all{% endif %}
    {% endfor %}
)

select
    fields.record_id,
    row_number() over (partition by fields.record_id order by fields.field_no, emails.address_no) as position,
    emails.email_raw,
    emails.email_normal,
    emails.email_match_key,
    emails.email_domain,
    emails.email_is_role,
    emails.email_is_disposable,
    emails.email_suggestion,
    emails.email_status,
    emails.email_reason
from fields
inner join {{ ref('std_emails') }} as emails on fields.field_raw = emails.field_raw
