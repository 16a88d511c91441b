{#-
    Seeded by the numbers themselves: the same profiles give the same sample. Only training needs it: elsewhere it stays empty.
-#}
with untrained as (
    {{ untrained() }}
),

-- One row of numbers over both entity types: a join on the type as well would let the planner pair whole populations first.
numbered as (
    select
        profile_no,
        row_number() over (order by entity_type, profile_no) as place
    from {{ ref('identity_profiles') }}
),

counted as (
    select
        entity_type,
        count(*) as profile_count,
        sum(count(*)) over (order by entity_type) - count(*) as places_before
    from {{ ref('identity_profiles') }}
    group by entity_type
),

sized as (
    select
        places_before::bigint as places_before,
        profile_count,
        -- of some hundred profiles no more can be learned from all their pairs than from some of them
        least(
            {{ match_setting('random_pairs') }},
            {{ match_setting('random_pairs_per_profile') }} * profile_count,
            profile_count * (profile_count - 1) / 2
        ) as draw_count
    from counted
    where profile_count > 1
),

drawn as materialized (
    select
        sized.places_before + 1
        + ({{ md5_upper_half("'a' || draws.draw") }} % sized.profile_count::ubigint)::bigint as first_place,
        sized.places_before + 1
        + ({{ md5_upper_half("'b' || draws.draw") }} % sized.profile_count::ubigint)::bigint as second_place
    from sized
    cross join range(0, {{ match_setting('random_pairs') }}::bigint) as draws (draw)
    cross join untrained
    where untrained.level_count > 0 and draws.draw < sized.draw_count
)

select distinct
    least(one.profile_no, other.profile_no) as profile_a,
    greatest(one.profile_no, other.profile_no) as profile_b
from drawn
inner join numbered as one on drawn.first_place = one.place
inner join numbered as other on drawn.second_place = other.place
where drawn.first_place <> drawn.second_place
