{#-
    Every statement about consent with how long it holds. The newest of one person counts; among the records of a merged
    customer the strictest: a refusal ends only by a later agreement of the same record, or of one that shares an identifier with
    it, and an agreement ends with any later refusal of the customer. Where records part again, so do their statements.
-#}
with channels as (
    select unnest(['email', 'sms', 'phone', 'post', 'wechat', 'app']) as channel
),

-- words as delivered, one row each
registered as (
    select
        xref.customer_id,
        consents.record_id,
        consents.source_system,
        consents.statement_no,
        consents.is_agreed,
        consents.consent_text_version as text_version,
        consents.told_at,
        unnest(
            string_split_regex(coalesce(nullif(lower(trim(consents.consent_channels)), ''), 'any'), '\s*[,;，；、]\s*')
        ) as word,
        string_split_regex(coalesce(nullif(lower(trim(consents.consent_purposes)), ''), 'marketing'), '\s*[,;，；、]\s*') as purposes
    from {{ ref('stg_consents') }} as consents
    inner join {{ ref('customer_xref') }} as xref on consents.record_id = xref.record_id
    where consents.is_agreed is not null
),

statements as (
    select
        registered.* exclude (word, purposes),
        coalesce(words.channel, case when not registered.is_agreed then 'any' end) as channel,
        unnest(registered.purposes) as purpose
    from registered
    left join {{ ref('channel_words') }} as words on registered.word = words.word
),

told as (
    select
        statements.customer_id,
        statements.record_id,
        statements.source_system,
        statements.statement_no,
        'registration' as said_by,
        case when statements.is_agreed then 'granted' else 'refused' end as verdict,
        statements.channel,
        -- an agreement to what nobody knows agrees to nothing; a refusal of it refuses everything
        coalesce(purposes.purpose, case when not statements.is_agreed then 'any' end) as purpose,
        statements.text_version,
        null::varchar as reason,
        statements.told_at,
        false as is_final
    from statements
    left join {{ ref('purposes') }} as purposes on statements.purpose = purposes.purpose
    union all
    select
        customer_id,
        record_id,
        source_system,
        1 as statement_no,
        'suppression' as said_by,
        'refused' as verdict,
        channel,
        purpose,
        null as text_version,
        reason,
        effective_at as told_at,
        is_final
    from {{ ref('customer_suppressions') }}
    union all
    select
        xref.customer_id,
        consents.record_id,
        consents.source_system,
        consents.statement_no,
        'guardian' as said_by,
        case when consents.guardian_consent then 'granted' else 'refused' end as verdict,
        'any' as channel,
        'guardian' as purpose,
        consents.consent_text_version as text_version,
        null as reason,
        consents.told_at,
        false as is_final
    from {{ ref('stg_consents') }} as consents
    inner join {{ ref('customer_xref') }} as xref on consents.record_id = xref.record_id
    where consents.guardian_consent is not null
),

spread as (
    select
        told.customer_id,
        told.record_id,
        told.source_system,
        told.said_by,
        told.verdict,
        told.text_version,
        told.reason,
        told.told_at,
        told.is_final,
        coalesce(purposes.purpose, 'guardian') as purpose,
        coalesce(channels.channel, 'any') as channel,
        max(told.statement_no) as statement_no
    from told
    left join {{ ref('purposes') }} as purposes
        on
            told.purpose in ('any', purposes.purpose)
            -- a word about one channel says how somebody is reached, not what else is done with the data
            and (
                told.purpose <> 'any' or told.channel = 'any'
                or not coalesce(purposes.basis in ('separate_consent', 'until_refused'), false)
            )
    left join channels on told.channel in ('any', channels.channel) and told.said_by <> 'guardian'
    where told.channel is not null and told.purpose is not null
    group by all
),

marks as (
    select distinct
        told.customer_id,
        told.record_id,
        identifiers.field,
        identifiers.value
    from told
    inner join {{ ref('record_identifiers') }} as identifiers on told.record_id = identifiers.record_id
),

-- records that are surely one person's, not merged by likeness alone
alike as (
    select distinct
        own.customer_id,
        own.record_id,
        other.record_id as other_record_id
    from marks as own
    inner join marks as other on own.customer_id = other.customer_id and own.field = other.field and own.value = other.value
    union
    select
        customer_id,
        record_id,
        record_id as other_record_id
    from told
),

wider as (
    select
        purpose,
        unnest(covered_by) as covering
    from {{ ref('dim_purposes') }}
    union all
    select
        'guardian' as purpose,
        'guardian' as covering
),

lifted as (
    select
        refusals.customer_id,
        refusals.record_id,
        refusals.purpose,
        refusals.channel,
        refusals.told_at,
        refusals.statement_no,
        min(grants.told_at) as ended_at
    from spread as refusals
    inner join wider on refusals.purpose = wider.purpose
    inner join spread as grants
        on
            refusals.customer_id = grants.customer_id
            and refusals.channel = grants.channel
            and wider.covering = grants.purpose
            and grants.verdict = 'granted'
            and refusals.told_at < grants.told_at
    inner join alike
        on
            refusals.customer_id = alike.customer_id
            and refusals.record_id = alike.record_id
            and grants.record_id = alike.other_record_id
    where refusals.verdict = 'refused' and not refusals.is_final
    group by all
),

withdrawn as (
    select
        grants.customer_id,
        grants.record_id,
        grants.purpose,
        grants.channel,
        grants.told_at,
        grants.statement_no,
        min(refusals.told_at) as ended_at
    from spread as grants
    inner join wider on grants.purpose = wider.purpose
    inner join spread as refusals
        on
            grants.customer_id = refusals.customer_id
            and grants.channel = refusals.channel
            and wider.covering = refusals.purpose
            and refusals.verdict = 'refused'
            and grants.told_at <= refusals.told_at
    where grants.verdict = 'granted'
    group by all
),

ended as (
    select * from lifted
    union all
    select * from withdrawn
)

select
    spread.customer_id,
    spread.purpose,
    spread.channel,
    spread.verdict,
    spread.said_by,
    spread.reason,
    spread.text_version,
    spread.told_at,
    ended.ended_at,
    coalesce(spread.told_at::date <= {{ as_of_date() }}, spread.verdict = 'refused')
    and coalesce(ended.ended_at::date > {{ as_of_date() }}, true) as is_in_force,
    spread.record_id,
    spread.source_system,
    spread.statement_no::integer as statement_no
from spread
left join ended
    on
        spread.customer_id = ended.customer_id
        and spread.record_id = ended.record_id
        and spread.purpose = ended.purpose
        and spread.channel = ended.channel
        and spread.told_at = ended.told_at
        and spread.statement_no = ended.statement_no
