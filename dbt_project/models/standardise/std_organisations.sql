with distinct_organisations as (
    select distinct organisation_name as organisation_raw
    from {{ ref('stg_records') }}
    where organisation_name is not null
),

parsed as (
    select
        organisation_raw,
        standardise_organisation(organisation_raw) as organisation
    from distinct_organisations
)

select
    organisation_raw,
    organisation.name as organisation_name,
    organisation.core_key as organisation_key,
    organisation.legal_form,
    organisation.branch as organisation_branch,
    organisation.status as organisation_status,
    organisation.reason as organisation_reason
from parsed
