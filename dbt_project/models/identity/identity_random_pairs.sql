{#-
    Seeded by the numbers themselves: the same profiles give the same sample. Only training needs it: where the stored model
    has just today's fields and levels it stays empty (active_model in pipelines/identity/training.py decides by the same).
-#}
with stored as (
    select
        field,
        level
    from {{ source('state', 'match_model') }}
    where field <> 'any_pair'
),

untrained as (
    select count(*) as level_count
    from {{ ref('match_levels') }} as levels
    full join stored on levels.field = stored.field and levels.level = stored.level
    where levels.field is null or stored.field is null
),

sized as (
    select
        entity_type,
        list(profile_no order by profile_no) as profiles,
        count(*) as profile_count
    from {{ ref('identity_profiles') }}
    group by entity_type
    having count(*) > 1
),

drawn as (
    select
        sized.profiles[1 + (md5_number_lower('a' || draws.draw) % sized.profile_count)::integer] as first_profile,
        sized.profiles[1 + (md5_number_lower('b' || draws.draw) % sized.profile_count)::integer] as second_profile
    from sized
    cross join range(0, {{ match_setting('random_pairs') }}::bigint) as draws (draw)
    cross join untrained
    where
        untrained.level_count > 0
        and draws.draw < sized.profile_count * (sized.profile_count - 1) / 2
)

select distinct
    least(first_profile, second_profile) as profile_a,
    greatest(first_profile, second_profile) as profile_b
from drawn
where first_profile <> second_profile
