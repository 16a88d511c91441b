{#- What publishing wrote down of each source's terms, and those of today where they differ. -#}
{%- set terms = [
    'acquisition_mode', 'vendor', 'valid_from', 'valid_to', 'max_uses', 'permitted_channels', 'permitted_purposes',
    'net_name_guarantee', 'legal_basis', 'licence', 'reciprocity', 'recipient_countries', 'matching_only', 'price_amount',
    'price_currency', 'price_unit',
] -%}
with today as (
    select
        source_system,
        contract_version,
        {{ as_of_date() }} as known_from,
        {{ terms | join(',\n        ') }},
        md5(to_json([
            {{ terms | join('::varchar, ') }}::varchar
        ])) as terms_key
    from {{ ref('stg_sources') }}
),

known as (
    select
        source_system,
        contract_version,
        known_from,
        {{ terms | join(',\n        ') }},
        terms_key
    from {{ source('state', 'contract_terms') }}
    where known_from <= {{ as_of_date() }}
    -- of one day the last holds
    qualify row_number() over (partition by source_system, known_from order by number desc) = 1
),

latest as (
    select
        source_system,
        arg_max(terms_key, known_from) as terms_key
    from known
    group by source_system
),

history as (
    select known.*
    from known
    left join today on known.source_system = today.source_system and known.known_from = today.known_from
    where today.source_system is null or known.terms_key = today.terms_key
    union all
    select today.*
    from today
    left join latest on today.source_system = latest.source_system
    where today.terms_key is distinct from latest.terms_key
)

select
    source_system,
    contract_version,
    known_from,
    (lead(known_from) over (partition by source_system order by known_from) - 1)::date as known_until,
    {{ terms | join(',\n    ') }},
    terms_key
from history
