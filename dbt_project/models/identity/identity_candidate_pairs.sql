with usable as (
    select
        profile_no,
        rule,
        key_hash
    from {{ ref('identity_blocking_keys') }}
    qualify count(*) over (partition by key_hash) between 2 and {{ match_setting('block_cap') }}
)

select
    a.profile_no as profile_a,
    b.profile_no as profile_b,
    list(distinct a.rule order by a.rule) as rules
from usable as a
inner join usable as b
    on a.key_hash = b.key_hash and a.profile_no < b.profile_no
group by a.profile_no, b.profile_no
