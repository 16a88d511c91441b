{#-
    The rules of a pair are gathered as bits of one number and named once for each combination that there is: far fewer than pairs.
    127 rules have room; one more is an error of the shift.
-#}
with rules_found as (
    select distinct rule
    from {{ ref('identity_blocking_keys') }}
),

population as (
    select count(*) as profile_count
    from {{ ref('identity_profiles') }}
),

places as (
    select
        rules_found.rule,
        (row_number() over (order by rules_found.rule) - 1)::hugeint as place,
        {{ block_cap('rules_found.rule', 'population.profile_count') }} as cap
    from rules_found
    cross join population
),

usable as (
    select
        keys.profile_no,
        keys.key_hash,
        1::hugeint << places.place as bit
    from {{ ref('identity_blocking_keys') }} as keys
    inner join places on keys.rule = places.rule
    qualify count(*) over (partition by keys.key_hash) between 2 and places.cap
),

found as materialized (
    select
        a.profile_no as profile_a,
        b.profile_no as profile_b,
        bit_or(a.bit) as bits
    from usable as a
    inner join usable as b
        on a.key_hash = b.key_hash and a.profile_no < b.profile_no
    group by a.profile_no, b.profile_no
),

rule_names as (
    select list(rule order by rule) as names
    from places
),

combinations as (
    select
        found.bits,
        list_transform(
            list_filter(range(length(rule_names.names)), lambda place: (found.bits >> place::hugeint) & 1 = 1),
            lambda place: rule_names.names[place + 1]
        ) as rules
    from (select distinct bits from found) as found
    cross join rule_names
)

select
    found.profile_a,
    found.profile_b,
    combinations.rules
from found
inner join combinations on found.bits = combinations.bits
