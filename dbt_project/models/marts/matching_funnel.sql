{#- A profile is records alike in all that is compared; weights have one row per candidate pair. -#}
with lowest as (
    select max(value) as value
    from {{ ref('identity_match_settings') }}
    where setting = 'link_floor'
),

stages as (
    select
        1 as place,
        'rows' as funnel_stage,
        sum(rows_in - coalesce(no_records, 0)) as item_count
    from {{ ref('stg_deliveries') }}

    union all

    select
        2,
        'accepted_rows',
        sum(accepted)
    from {{ ref('stg_deliveries') }}

    union all

    select
        3,
        'records',
        count(*)
    from {{ ref('identity_records') }}

    union all

    select
        4,
        'profiles',
        count(*)
    from {{ ref('identity_profiles') }}

    union all

    select
        5,
        'candidate_pairs',
        count(*)
    from {{ ref('identity_match_weights') }}

    union all

    select
        6,
        'links',
        count(*)
    from {{ ref('identity_match_weights') }} as weights
    cross join lowest
    where weights.match_weight >= lowest.value and not weights.is_conflict

    union all

    select
        7,
        'customers',
        count(*)
    from {{ ref('customers') }}
)

select
    place::integer as place,
    funnel_stage,
    coalesce(item_count, 0)::bigint as item_count
from stages
