{#- Seeded by the numbers themselves: the same profiles give the same sample. -#}
with sized as (
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
    where draws.draw < sized.profile_count * (sized.profile_count - 1) / 2
)

select distinct
    least(first_profile, second_profile) as profile_a,
    greatest(first_profile, second_profile) as profile_b
from drawn
where first_profile <> second_profile
