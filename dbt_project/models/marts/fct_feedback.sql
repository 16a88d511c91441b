{#-
    What customers said of us: complaints, posts on social pages, answers to surveys and scores given to other contacts. Scales
    differ, so a score stands also as its place on the scale of its question. Tones are those of the net promoter score, on any
    scale: up to six tenths is negative, from nine tenths positive. Free text stays out of what is published.
-#}
with said as (
    select
        interactions.record_id,
        xref.customer_id,
        interactions.occurred_at,
        interactions.source_system,
        coalesce(interactions.interaction_channel, sources.channel) as channel,
        case
            when interactions.interaction_type = 'complaint' then 'complaint'
            when interactions.interaction_type = 'survey_response' then 'survey_answer'
            when coalesce(interactions.interaction_channel, sources.channel) = 'social' and interactions.text is not null
                then 'post'
            when interactions.score is not null then 'rating'
        end as kind,
        coalesce(interactions.question_code, interactions.interaction_type) as question_code,
        interactions.score,
        interactions.answer,
        interactions.outcome,
        interactions.product_id,
        interactions.text is not null as has_text
    from {{ ref('stg_interactions') }} as interactions
    inner join {{ ref('customer_xref') }} as xref on interactions.record_id = xref.record_id
    left join {{ ref('stg_sources') }} as sources on interactions.source_system = sources.source_system
),

placed as (
    select
        said.*,
        -- a score beyond the ends of its scale says nothing
        case when said.score between questions.lowest and questions.highest
            then (said.score - questions.lowest) / nullif(questions.highest - questions.lowest, 0)
        end as place
    from said
    left join {{ ref('survey_questions') }} as questions on said.question_code = questions.question_code
    where said.kind is not null
)

select
    record_id,
    customer_id,
    occurred_at,
    source_system,
    channel,
    kind,
    question_code,
    score::double as score,
    place::decimal(5, 4) as scale_place,
    case
        when kind = 'complaint' or place <= 0.6 then 'negative'
        when place >= 0.9 then 'positive'
        when place is not null then 'neutral'
    end as tone,
    answer,
    outcome,
    product_id,
    has_text
from placed
