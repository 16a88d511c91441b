{%- set single = {
    'gender': 'coalesce(gender, national_id_sex)', 'birth_date': 'birth_date::varchar',
    'national_id': "case when not national_id_is_masked then national_id end",
    'organisation_name': 'organisation_name', 'organisation_id': 'organisation_id', 'occupation': 'occupation',
    'education': 'education', 'marital_status': 'marital_status', 'income_band': 'income_band',
    'birth_place': 'birth_place', 'member_no': "split_part(member_key, ':', 2)",
    'address': "concat_ws(' ', province, nullif(city, province), district, address_line, postcode)",
    'display_name': "coalesce(native_name, nullif(trim(concat_ws(' ', given_name, family_name)), ''))",
} -%}

with owned as (
    select
        xref.customer_id,
        records.*
    from {{ ref('std_records') }} as records
    inner join {{ ref('customer_xref') }} as xref
        on records.record_id = xref.record_id
),

observed as (
    {% for field, expression in single.items() %}
    select
        customer_id,
        '{{ field }}' as field,
        nullif({{ expression }}, '') as value,
        record_id,
        source_system,
        source_rank,
        event_at
    from owned
    union all
    {% endfor %}
    select
        customer_id,
        'phone' as field,
        unnest(phones) as value,
        record_id,
        source_system,
        source_rank,
        event_at
    from owned
    union all
    select
        owned.customer_id,
        'email' as field,
        emails.email_normal as value,
        owned.record_id,
        owned.source_system,
        owned.source_rank,
        owned.event_at
    from owned
    inner join {{ ref('std_record_emails') }} as emails
        on owned.record_id = emails.record_id and emails.email_status in ('valid', 'repaired', 'suspicious')
),

summed as (
    select
        customer_id,
        field,
        value,
        count(distinct source_system) as source_count,
        count(*) as record_count,
        min(source_rank) as best_source_rank,
        min(event_at) as first_seen_at,
        max(event_at) as last_seen_at,
        -- the record that stands for the value: the most trusted, then the newest
        arg_min(record_id, (source_rank, -coalesce(epoch(event_at), 0), record_id)) as record_id
    from observed
    where value is not null
    group by customer_id, field, value
),

scored as (
    select
        summed.*,
        {{ survival_score('summed.source_count', 'summed.best_source_rank', 'summed.last_seen_at', as_of_date()) }}
            as survival_score
    from summed
    inner join {{ ref('survivorship_weights') }} as weights
        on summed.field = weights.field
),

ranked as (
    select
        *,
        row_number() over (
            partition by customer_id, field
            order by survival_score desc, last_seen_at desc nulls last, value asc
        ) as value_rank
    from scored
)

select
    customer_id,
    field,
    value,
    value_rank = 1 as is_golden,
    value_rank::integer as value_rank,
    survival_score,
    record_id,
    source_count::integer as source_count,
    record_count::integer as record_count,
    first_seen_at,
    last_seen_at
from ranked
