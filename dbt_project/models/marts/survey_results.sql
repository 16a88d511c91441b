{#- The scores, how many stand behind them, and how far respondents differ from the base: one loud voice is not the base. -#}
{{ config(meta={'dated_by': {'stg_interactions': 'occurred_at'}}) }}
with answers as (
    select
        coalesce(interactions.question_code, interactions.interaction_type) as question_code,
        interactions.score,
        xref.customer_id
    from {{ ref('stg_interactions') }} as interactions
    inner join {{ ref('customer_xref') }} as xref on interactions.record_id = xref.record_id
    where interactions.score is not null and interactions.occurred_at::date <= {{ as_of_date() }}
),

base as (
    select
        count(*) as customers,
        avg(order_count) as orders,
        avg((complaint_count > 0)::integer) as complaint_share
    from {{ ref('customer_360') }}
),

respondents as (
    select distinct
        question_code,
        customer_id
    from answers
),

people as (
    select
        respondents.question_code,
        avg(view.order_count) as orders,
        avg((view.complaint_count > 0)::integer) as complaint_share
    from respondents
    inner join {{ ref('customer_360') }} as view on respondents.customer_id = view.customer_id
    group by respondents.question_code
)

select
    answers.question_code,
    any_value(questions.question_text) as question_text,
    any_value(questions.lowest)::integer as lowest_score,
    any_value(questions.highest)::integer as highest_score,
    count(*)::integer as answer_count,
    count(distinct answers.customer_id)::integer as customer_count,
    (count(distinct answers.customer_id) / any_value(base.customers))::decimal(5, 4) as share_of_customers,
    avg(answers.score)::decimal(18, 3) as mean_score,
    (stddev_samp(answers.score) / sqrt(count(*)))::decimal(18, 3) as standard_error,
    any_value(people.orders)::decimal(18, 3) as mean_orders_of_respondents,
    any_value(base.orders)::decimal(18, 3) as mean_orders_of_all,
    any_value(people.complaint_share)::decimal(5, 4) as complaint_share_of_respondents,
    any_value(base.complaint_share)::decimal(5, 4) as complaint_share_of_all,
    count(*) < 30 as is_too_few
from answers
inner join people on answers.question_code = people.question_code
cross join base
left join {{ ref('survey_questions') }} as questions on answers.question_code = questions.question_code
group by answers.question_code
