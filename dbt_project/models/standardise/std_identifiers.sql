with distinct_identifiers as (
    select distinct
        national_id as identifier_raw,
        coalesce(national_id_country, default_country, '') as country
    from {{ ref('stg_records') }}
    where national_id is not null
),

parsed as (
    select
        identifier_raw,
        country,
        standardise_identifier(identifier_raw, nullif(country, '')) as identifier
    from distinct_identifiers
)

select
    identifier_raw,
    country,
    identifier.normal as national_id,
    identifier.kind as national_id_kind,
    coalesce(identifier.is_masked, false) as national_id_is_masked,
    identifier.birth_date as national_id_birth_date,
    identifier.sex as national_id_sex,
    identifier.region_code as national_id_region_code,
    identifier.status as national_id_status,
    identifier.reason as national_id_reason
from parsed
