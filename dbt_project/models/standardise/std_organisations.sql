with distinct_organisations as (
    select organisation_name as organisation_raw
    from {{ ref('stg_records') }}
    where organisation_name is not null
    union
    -- an organisation that stood where people's names do
    select organisation_raw
    from {{ ref('std_names') }}
    where organisation_raw is not null
),

-- as an earlier night standardised them with the same code (pipelines/storage/standardised.py)
kept as (
    select kept_values.*
    from {{ source('kept', 'std_organisations') }} as kept_values
    semi join distinct_organisations using (organisation_raw)
),

parsed as (
    select
        organisation_raw,
        standardise_organisation(organisation_raw) as organisation
    from distinct_organisations
    anti join kept using (organisation_raw)
)

select * from kept
union all by name
select
    organisation_raw,
    organisation.name as organisation_name,
    organisation.core_key as organisation_key,
    organisation.words as organisation_words,
    organisation.sounds as organisation_sounds,
    organisation.legal_form,
    organisation.branch as organisation_branch,
    organisation.status as organisation_status,
    organisation.reason as organisation_reason
from parsed
