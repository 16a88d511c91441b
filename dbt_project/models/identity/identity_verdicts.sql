with tokens as (
    select
        profile_no,
        record_token(record_id) as token
    from {{ ref('identity_records') }}
    where (select count(*) from {{ source('state', 'steward_verdicts') }}) > 0
)

select
    verdicts.number,
    verdicts.verdict,
    least(a.profile_no, b.profile_no) as profile_a,
    greatest(a.profile_no, b.profile_no) as profile_b,
    verdicts.at_date
from {{ source('state', 'steward_verdicts') }} as verdicts
inner join tokens as a on verdicts.token_a = a.token
inner join tokens as b on verdicts.token_b = b.token
