with distinct_emails as (
    {% for column in email_columns() %}
    select {{ column }} as email_raw
    from {{ ref('stg_records') }}
    where {{ column }} is not null
    {% if not loop.last %}union{% endif %}
    {% endfor %}
),

-- as an earlier night standardised them with the same code (pipelines/storage/standardised.py)
kept as (
    select kept_values.*
    from {{ source('kept', 'std_emails') }} as kept_values
    semi join distinct_emails using (email_raw)
),

parsed as (
    select
        email_raw,
        standardise_email(email_raw) as email
    from distinct_emails
    anti join kept using (email_raw)
)

select * from kept
union all by name
select
    email_raw,
    email.normal as email_normal,
    email.match_key as email_match_key,
    email.domain as email_domain,
    email.is_role as email_is_role,
    email.is_disposable as email_is_disposable,
    email.suggestion as email_suggestion,
    email.status as email_status,
    email.reason as email_reason
from parsed
