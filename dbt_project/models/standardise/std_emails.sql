with distinct_fields as (
    {% for column in email_columns() %}
    select {{ column }} as field_raw
    from {{ ref('stg_records') }}
    where {{ column }} is not null
    {% if not loop.last %}union{% endif %}
    {% endfor %}
),

-- as an earlier night standardised them with the same code (pipelines/storage/standardised.py)
kept as (
    select kept_values.*
    from {{ source('kept', 'std_emails') }} as kept_values
    semi join distinct_fields using (field_raw)
),

addresses as (
    select
        field_raw,
        split_emails(field_raw) as addresses
    from distinct_fields
    anti join kept using (field_raw)
),

-- A field may hold several addresses (private; office); each counts as an address of the record.
parted as (
    select
        field_raw,
        generate_subscripts(addresses, 1)::integer as address_no,
        unnest(addresses) as email_raw
    from addresses
),

parsed as (
    select
        *,
        standardise_email(email_raw) as email
    from parted
)

select * from kept
union all by name
select
    field_raw,
    address_no,
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
