{#- Published are values (customer_values), not every sighting of them: this stays in the working file. -#}
{{ config(
    schema='golden_work', access='protected',
    meta={'dated_by': {
        'std_records': 'event_at', 'stg_suppressions': 'effective_at', 'stg_sources': 'terms_over_on',
    }}
) }}
{%- set single = {
    'gender': 'gender', 'birth_date': 'birth_date::varchar',
    'national_id': 'case when not national_id_is_masked then national_id end',
    'organisation_name': 'organisation_name', 'organisation_id': 'organisation_id',
    'occupation': 'coalesce(occupation_group, occupation)', 'education': 'education_level',
    'marital_status': 'marital_status_code', 'income_band': 'income_band',
    'birth_place': 'birth_place',
    'member_no': "case when starts_with(member_key, 'own:') then substr(member_key, 5) end",
    'address': address_value(),
    'display_name': "coalesce(native_name, " ~ title_case("trim(concat_ws(' ', given_name, middle_name, family_name))") ~ ")",
} -%}
{#- A word that no code is read from never beats one that has a code (survivorship_weights: completeness of occupation). -#}
{%- set completeness = {
    'display_name': name_completeness(), 'address': address_completeness(),
    'occupation': 'case when occupation_group is null then 0.0 else 1.0 end',
} -%}

with happened as (
    select
        record_id,
        result as outcome
    from {{ ref('stg_verifications') }}
    union all
    select
        record_id,
        interaction_type as outcome
    from {{ ref('stg_interactions') }}
    union all
    select
        record_id,
        'suppression' as outcome
    from {{ ref('stg_suppressions') }}
),

-- until the privacy job has rewritten raw, nothing of an erased customer may survive here
erased as (
    select distinct xref.customer_id
    from {{ ref('stg_suppressions') }} as suppressions
    inner join {{ ref('customer_xref') }} as xref on suppressions.record_id = xref.record_id
    where
        suppressions.reason = 'erasure'
        and coalesce(suppressions.effective_at::date <= {{ as_of_date() }}, true)
),

-- from the day after their terms end sources tell nothing any more
ended as (
    select source_system
    from {{ ref('stg_sources') }}
    where terms_over_on::date <= {{ as_of_date() }}
),

owned as (
    select
        xref.customer_id,
        records.*,
        coalesce(happened.outcome, records.kind) as outcome
    from {{ ref('std_records') }} as records
    inner join {{ ref('customer_xref') }} as xref on records.record_id = xref.record_id
    left join happened on records.record_id = happened.record_id
    where
        xref.customer_id not in (select erased.customer_id from erased)
        -- what was given for matching only tells who is who, and nothing else
        and records.source_system not in (
            select sources.source_system
            from {{ ref('stg_sources') }} as sources
            where sources.matching_only
        )
),

observed as (
    {% for field, expression in single.items() %}
    select
        customer_id,
        '{{ field }}' as field,
        nullif(trim({{ expression }}), '') as value,
        {{ completeness.get(field, '1.0') }} as completeness,
        record_id,
        source_system,
        source_rank,
        event_at,
        outcome
    from owned
    union all
    {% endfor %}
    select
        customer_id,
        'phone' as field,
        unnest(phones) as value,
        1.0 as completeness,
        record_id,
        source_system,
        source_rank,
        event_at,
        outcome
    from owned
    union all
    -- where a record tells of further addresses, its main one comes first
    select
        customer_id,
        'address' as field,
        unnest(list_filter(further_addresses, lambda told: told <> coalesce({{ address_value() }}, ''))) as value,
        0.05 as completeness,
        record_id,
        source_system,
        source_rank,
        event_at,
        outcome
    from owned
    union all
    select distinct
        owned.customer_id,
        'email' as field,
        emails.email_normal as value,
        1.0 as completeness,
        owned.record_id,
        owned.source_system,
        owned.source_rank,
        owned.event_at,
        owned.outcome
    from owned
    inner join {{ ref('std_record_emails') }} as emails
        on owned.record_id = emails.record_id and emails.email_status in ('valid', 'repaired', 'suspicious')
),

judged as (
    select
        observed.*,
        coalesce(exact.confirms, general.confirms, true) as confirms,
        coalesce(exact.verdict, general.verdict, 0)::integer as verdict,
        coalesce(exact.delivers, general.delivers, true) as delivers,
        observed.source_system in (select ended.source_system from ended) as is_ended
    from observed
    left join {{ ref('evidence_effects') }} as exact
        on observed.outcome = exact.outcome and observed.field = exact.field
    left join {{ ref('evidence_effects') }} as general
        on observed.outcome = general.outcome and general.field = '*'
    where observed.value is not null
),

-- what only they delivered is nobody's, whoever used it since: the next best value of the customer stands in its place
lost as (
    select
        customer_id,
        field,
        value
    from judged
    where
        (customer_id, field, value) in (
            select (given.customer_id, given.field, given.value)
            from judged as given
            where given.is_ended
        )
    group by customer_id, field, value
    having bool_or(delivers and is_ended) and not bool_or(delivers and not is_ended)
)

select
    judged.customer_id,
    judged.field,
    judged.value,
    judged.record_id,
    judged.source_system,
    judged.source_rank::integer as source_rank,
    -- an event dated after the day of the view is a slip of some clock: it tells nothing about recency
    case when judged.event_at::date <= {{ as_of_date() }} then judged.event_at end as seen_at,
    judged.completeness::double as completeness,
    judged.confirms,
    judged.verdict,
    judged.delivers
from judged
left join lost
    on judged.customer_id = lost.customer_id and judged.field = lost.field and judged.value = lost.value
where not judged.is_ended and lost.customer_id is null
