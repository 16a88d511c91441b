{%- set models = ['stg_registrations', 'stg_transactions', 'stg_purchased_lists', 'stg_interactions',
                  'stg_suppressions', 'stg_verifications', 'stg_organisations'] -%}

with records as (
    {% for model in models %}
    select
        record_id,
        kind,
        source_system,
        source_record_id,
        event_at,
        {{ person_columns() | join(',\n        ') }}
    from {{ ref(model) }}
    {% if not loop.last %}union all{% endif %}
    {% endfor %}
)

select
    records.* replace (
        -- a record with nothing but a second address lives there
        case
            when coalesce({{ address_parts() | join(', ') }}) is null
                then coalesce(records.address_2, records.address_3)
            else records.address
        end as address
    ),
    sources.default_country,
    coalesce(sources.acquisition_mode, 'own') as acquisition_mode,
    coalesce(sources.source_rank, 99) as source_rank
from records
left join {{ ref('stg_sources') }} as sources
    on records.source_system = sources.source_system
