{#-
    Seeded by the numbers themselves: the same profiles give the same sample. Only training needs it: where the stored model
    has just today's fields and levels it stays empty (active_model in pipelines/identity/training.py decides by the same).
-#}
with stored as (
    select
        field,
        level
    from {{ source('state', 'match_model') }}
    where field not in ('any_pair', 'relief')
),

untrained as (
    select count(*) as level_count
    from {{ ref('identity_match_levels') }} as levels
    full join stored on levels.field = stored.field and levels.level = stored.level
    where levels.field is null or stored.field is null
),

numbered as (
    select
        entity_type,
        profile_no,
        row_number() over (partition by entity_type order by profile_no) as place
    from {{ ref('identity_profiles') }}
),

sized as (
    select
        entity_type,
        count(*) as profile_count,
        -- of some hundred profiles no more can be learned from all their pairs than from some of them
        least(
            {{ match_setting('random_pairs') }},
            {{ match_setting('random_pairs_per_profile') }} * count(*),
            count(*) * (count(*) - 1) / 2
        ) as draw_count
    from {{ ref('identity_profiles') }}
    group by entity_type
    having count(*) > 1
),

drawn as (
    select
        sized.entity_type,
        1 + (md5_number_lower('a' || draws.draw) % sized.profile_count)::integer as first_place,
        1 + (md5_number_lower('b' || draws.draw) % sized.profile_count)::integer as second_place
    from sized
    cross join range(0, {{ match_setting('random_pairs') }}::bigint) as draws (draw)
    cross join untrained
    where untrained.level_count > 0 and draws.draw < sized.draw_count
)

select distinct
    least(one.profile_no, other.profile_no) as profile_a,
    greatest(one.profile_no, other.profile_no) as profile_b
from drawn
inner join numbered as one on drawn.entity_type = one.entity_type and drawn.first_place = one.place
inner join numbered as other on drawn.entity_type = other.entity_type and drawn.second_place = other.place
where drawn.first_place <> drawn.second_place
