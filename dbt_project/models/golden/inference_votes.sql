{#-
    What the other customers with the same evidence are: a customer's own known value never votes for itself, so that
    the share of right votes among known customers is an honest back-test. Three values per evidence are enough.
-#}
{{ config(schema='golden_work', access='private') }}
with tallied as (
    select
        field,
        method,
        evidence,
        known_value as value,
        count(*) as votes,
        sum(count(*)) over (partition by field, method, evidence) as all_votes,
        row_number() over (
            partition by field, method, evidence order by count(*) desc, known_value
        ) as place
    from {{ ref('inference_evidence') }}
    where known_value is not null
    group by field, method, evidence, known_value
),

base as (
    select
        field,
        known_value as value,
        count(*) / sum(count(*)) over (partition by field) as share
    from {{ ref('inference_evidence') }}
    where known_value is not null
    group by field, known_value
),

candidates as (
    select
        asked.customer_id,
        asked.field,
        asked.method,
        asked.known_value,
        tallied.value,
        tallied.votes - (asked.known_value is not distinct from tallied.value)::integer as votes,
        tallied.all_votes - (asked.known_value is not null)::integer as all_votes
    from {{ ref('inference_evidence') }} as asked
    inner join tallied
        on
            asked.field = tallied.field
            and asked.method = tallied.method
            and asked.evidence = tallied.evidence
            and tallied.place <= 3
    where not asked.is_direct
),

voted as (
    select
        candidates.customer_id,
        candidates.field,
        candidates.method,
        any_value(candidates.known_value) as known_value,
        arg_max(candidates.value, (candidates.votes, candidates.value)) as value,
        max(candidates.votes)::integer as votes,
        max(candidates.all_votes)::integer as all_votes
    from candidates
    where candidates.votes > 0
    group by candidates.customer_id, candidates.field, candidates.method
)

select
    voted.customer_id,
    voted.field,
    voted.method,
    voted.known_value,
    voted.value,
    voted.all_votes as support,
    -- few votes lean towards what is common anyway
    ((voted.votes + 5 * base.share) / (voted.all_votes + 5))::double as confidence,
    false as is_direct
from voted
inner join base on voted.field = base.field and voted.value = base.value

union all

select
    customer_id,
    field,
    method,
    known_value,
    evidence as value,
    1 as support,
    null::double as confidence,
    true as is_direct
from {{ ref('inference_evidence') }}
where is_direct
