{#- Contactability: 0.95 on the day of the last sign of life, decaying by month; doubts are halved by a verification. -#}
with points as (
    select
        customer_values.*,
        records.address_line is not null as has_line,
        regexp_extract(customer_values.value, '@(.+)$', 1) as domain
    from {{ ref('customer_values') }} as customer_values
    left join {{ ref('std_records') }} as records on customer_values.record_id = records.record_id
    where customer_values.field in ('phone', 'email', 'address')
),

uses as (
    select
        observations.customer_id,
        observations.field,
        observations.value,
        count(*) filter (where interactions.interaction_type = 'bounce') as bounce_count,
        count(*) filter (where interactions.interaction_type = 'complaint') as complaint_count,
        count(*) filter (
            where interactions.interaction_type in ('campaign_response', 'survey_response', 'service_contact')
        ) as response_count,
        max(observations.seen_at) filter (where interactions.interaction_type = 'bounce') as last_bounce_at
    from {{ ref('customer_observations') }} as observations
    inner join {{ ref('stg_interactions') }} as interactions on observations.record_id = interactions.record_id
    group by observations.customer_id, observations.field, observations.value
),

-- the field stands on both sides of the joins below: a condition on one side alone makes them compare each with each
mailboxes as (
    select
        'email' as field,
        email_normal,
        bool_or(email_is_role) as is_role,
        bool_or(email_is_disposable) as is_disposable
    from {{ ref('std_record_emails') }}
    group by email_normal
),

numbers as (
    select
        'phone' as field,
        phone_e164,
        min(phone_kind) as phone_kind
    from {{ ref('std_record_phones') }}
    group by phone_e164
),

described as (
    select
        points.*,
        coalesce(emails.is_role, false) as is_role,
        coalesce(emails.is_disposable, false) as is_disposable,
        coalesce(uses.bounce_count, 0)::integer as bounce_count,
        coalesce(uses.complaint_count, 0)::integer as complaint_count,
        coalesce(uses.response_count, 0)::integer as response_count,
        uses.last_bounce_at,
        case
            when points.field = 'phone' then coalesce(phones.phone_kind, 'unknown')
            when points.field = 'address' then 'home'
            when coalesce(emails.is_role, false) then 'role'
            when points.domain in (select domains.domain from {{ ref('personal_email_domains') }} as domains)
                then 'personal'
            else 'company'
        end as role,
        date_diff('day', coalesce(points.last_seen_at, points.first_seen_at)::date, {{ as_of_date() }}) / 30.4375
            as months_since
    from points
    left join uses
        on
            points.customer_id = uses.customer_id
            and points.field = uses.field
            and points.value = uses.value
    left join mailboxes as emails on points.field = emails.field and points.value = emails.email_normal
    left join numbers as phones on points.field = phones.field and points.value = phones.phone_e164
),

alive as (
    select
        described.*,
        decay.monthly_decay,
        0.95 * pow(1 - decay.monthly_decay, greatest(coalesce(described.months_since, 60), 0)) as likely_alive
    from described
    inner join {{ ref('contact_decay_fit') }} as decay
        on case when described.role = 'company' then 'company_email' else described.field end = decay.field
),

scored as (
    select
        *,
        case
            when field = 'address' and not has_line then 0.0
            when verification_status = 'failed' then 0.05
            when is_disposable then 0.1 * likely_alive
            when verification_status = 'verified' then 1 - (1 - likely_alive) / 2
            else likely_alive
        end
        * case when complaint_count > 0 then 0.5 else 1.0 end
        + case when response_count > 0 and verification_status <> 'failed' and complaint_count = 0
            then (1 - likely_alive) / 4 else 0 end as contactability
    from alive
)

select
    customer_id,
    field as kind,
    value,
    role,
    is_golden as is_best,
    value_rank,
    least(1.0, contactability)::decimal(5, 4) as contactability,
    contactability >= 0.2 and (field <> 'address' or has_line) as is_usable,
    verification_status,
    source_count,
    record_count,
    bounce_count,
    complaint_count,
    response_count,
    monthly_decay::decimal(5, 4) as monthly_decay,
    first_seen_at,
    last_seen_at,
    verified_at,
    last_bounce_at,
    record_id,
    source_system
from scored
