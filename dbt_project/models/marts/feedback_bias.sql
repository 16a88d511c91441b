{#-
    Who is heard against who there is: of each group of customers the share of the base and of those who gave feedback. One
    customer's scores count as their mean, so that whoever writes ten times is one voice of many. The weighted mean is what the
    mean would be if each group were heard by its share of the base. A mean of fewer than five people is not told.
-#}
with grouped as (
    select
        view.customer_id,
        unnest([
            {'dimension': 'segment', 'group_value': coalesce(rfm.segment, 'none')},
            {'dimension': 'gender', 'group_value': coalesce(view.gender, 'unknown')},
            {'dimension': 'age', 'group_value': case
                when view.age_years is null then 'unknown'
                when view.age_years < 25 then 'under 25'
                when view.age_years < 35 then '25-34'
                when view.age_years < 50 then '35-49'
                when view.age_years < 65 then '50-64'
                else '65 and over'
            end},
            {'dimension': 'membership', 'group_value': case when view.is_member then 'member' else 'no member' end},
            {'dimension': 'first_channel', 'group_value': coalesce(view.first_touch_channel, 'unknown')}
        ], recursive := true)
    from {{ ref('customer_360') }} as view
    left join {{ ref('customer_rfm') }} as rfm on view.customer_id = rfm.customer_id
    where view.entity_type = 'person'
),

base as (
    select
        dimension,
        group_value,
        unnest(['complaint', 'post', 'rating', 'survey_answer']) as kind,
        count(*) as customers
    from grouped
    group by dimension, group_value
),

voices as (
    select
        kind,
        customer_id,
        count(*) as voices,
        avg(scale_place) as place
    from {{ ref('fct_feedback') }}
    where coalesce(occurred_at::date <= {{ as_of_date() }}, true)
    group by kind, customer_id
),

heard as (
    select
        voices.kind,
        grouped.dimension,
        grouped.group_value,
        count(*) as respondents,
        sum(voices.voices) as voices,
        max(voices.voices) as most_voices,
        count(voices.place) as scored,
        avg(voices.place) as mean_place,
        stddev_samp(voices.place) / sqrt(count(voices.place)) as standard_error
    from voices
    inner join grouped on voices.customer_id = grouped.customer_id
    group by voices.kind, grouped.dimension, grouped.group_value
),

compared as (
    select
        base.kind,
        base.dimension,
        base.group_value,
        base.customers,
        coalesce(heard.respondents, 0) as respondents,
        coalesce(heard.voices, 0) as voices,
        heard.most_voices,
        heard.scored,
        heard.mean_place,
        heard.standard_error,
        base.customers / sum(base.customers) over whole as share_of_customers,
        coalesce(heard.respondents, 0) / nullif(sum(heard.respondents) over whole, 0) as share_of_respondents,
        sum(heard.scored * heard.mean_place) over whole / nullif(sum(heard.scored) over whole, 0) as mean_of_respondents,
        sum(base.customers * heard.mean_place) over whole
        / nullif(sum(base.customers) filter (where heard.mean_place is not null) over whole, 0) as weighted_mean
    from base
    left join heard
        on base.kind = heard.kind and base.dimension = heard.dimension and base.group_value = heard.group_value
    window whole as (partition by base.kind, base.dimension)
)

select
    kind,
    dimension,
    group_value,
    customers::integer as customers,
    share_of_customers::decimal(5, 4) as share_of_customers,
    respondents::integer as respondents,
    share_of_respondents::decimal(5, 4) as share_of_respondents,
    (respondents / customers)::decimal(5, 4) as response_rate,
    (share_of_respondents / share_of_customers)::decimal(18, 4) as representation,
    voices::integer as voices,
    (most_voices / nullif(voices, 0))::decimal(5, 4) as loudest_share,
    case when scored >= 5 then mean_place::decimal(5, 4) end as mean_place,
    case when scored >= 5 then standard_error::decimal(9, 4) end as standard_error,
    case when sum(scored) over whole >= 5 then mean_of_respondents::decimal(5, 4) end as mean_of_respondents,
    case when sum(scored) over whole >= 5 then weighted_mean::decimal(5, 4) end as weighted_mean,
    respondents < 30 as is_too_few,
    greatest(0, 30 - respondents)::integer as answers_to_ask
from compared
window whole as (partition by kind, dimension)
