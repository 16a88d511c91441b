with delivered as (
    {% for column in email_columns() %}
    select
        record_id,
        {{ loop.index }} as position,
        {{ column }} as email_raw
    from {{ ref('stg_records') }}
    where {{ column }} is not null
    {% if not loop.last %}union all{% endif %}
    {% endfor %}
)

select
    delivered.record_id,
    delivered.position,
    delivered.email_raw,
    emails.email_normal,
    emails.email_match_key,
    emails.email_domain,
    emails.email_is_role,
    emails.email_is_disposable,
    emails.email_suggestion,
    emails.email_status,
    emails.email_reason
from delivered
inner join {{ ref('std_emails') }} as emails
    on delivered.email_raw = emails.email_raw
