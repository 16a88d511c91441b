with hot as (
    select
        rule,
        key_hash,
        count(*) as profile_count,
        min(profile_no) as example_no
    from {{ ref('identity_blocking_keys') }}
    group by rule, key_hash
    having count(*) > {{ match_setting('block_cap') }}
),

-- one profile of each tells which value it is that all of them share
examples as (
    select *
    from {{ ref('identity_profiles') }}
    where profile_no in (select hot.example_no from hot)
),

keys as (
    {{ blocking_key_texts('examples') }}
),

told as (
    select distinct
        rule,
        key_text,
        {{ blocking_key_hash() }} as key_hash
    from keys
    where key_text is not null and key_text <> ''
)

select
    hot.rule,
    hot.key_hash,
    any_value(told.key_text) as key_value,
    hot.profile_count
from hot
left join told on hot.rule = told.rule and hot.key_hash = told.key_hash
group by hot.rule, hot.key_hash, hot.profile_count
