select
    rule,
    key_hash,
    count(*) as profile_count
from {{ ref('identity_blocking_keys') }}
group by rule, key_hash
having count(*) > {{ match_setting('block_cap') }}
