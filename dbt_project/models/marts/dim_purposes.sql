with recursive climbed as (
    select
        purpose,
        purpose as covered_by
    from {{ ref('purposes') }}
    union
    select
        climbed.purpose,
        purposes.parent_purpose as covered_by
    from climbed
    inner join {{ ref('purposes') }} as purposes on climbed.covered_by = purposes.purpose
    where purposes.parent_purpose is not null
)

select
    purposes.purpose,
    purposes.parent_purpose,
    purposes.basis,
    list(distinct climbed.covered_by order by climbed.covered_by) as covered_by
from {{ ref('purposes') }} as purposes
inner join climbed on purposes.purpose = climbed.purpose
group by purposes.purpose, purposes.parent_purpose, purposes.basis
