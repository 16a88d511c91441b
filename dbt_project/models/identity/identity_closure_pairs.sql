select
    a.profile_no as profile_a,
    b.profile_no as profile_b
from {{ ref('identity_components') }} as a
inner join {{ ref('identity_components') }} as b
    on a.component_no = b.component_no and a.profile_no < b.profile_no
left join {{ ref('identity_candidate_pairs') }} as candidates
    on a.profile_no = candidates.profile_a and b.profile_no = candidates.profile_b
where candidates.profile_a is null
