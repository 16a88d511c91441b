{%- set repeats = ['email', 'email_2', 'email_3'] -%}

with delivered as (
    {% for column in repeats %}
    select
        record_id,
        {{ loop.index }} as position,
        {{ column }} as email_raw
    from {{ ref('stg_records') }}
    where {{ column }} is not null
    {% if not loop.last %}union all{% endif %}
    {% endfor %}
),

parsed as (
    select
        email_raw,
        standardise_email(email_raw) as email
    from (select distinct email_raw from delivered)
)

select
    delivered.record_id,
    delivered.position,
    delivered.email_raw,
    parsed.email.normal as email_normal,
    parsed.email.match_key as email_match_key,
    parsed.email.domain as email_domain,
    parsed.email.is_role as email_is_role,
    parsed.email.is_disposable as email_is_disposable,
    parsed.email.suggestion as email_suggestion,
    parsed.email.status as email_status,
    parsed.email.reason as email_reason
from delivered
inner join parsed
    on delivered.email_raw = parsed.email_raw
