{{ config(schema='marts_work', access='private') }}
with told as (
    select
        statements.*,
        coalesce(standardised.organisation_id, standardised.organisation_key) as organisation_ref,
        standardised.source_rank,
        sources.legal_basis
    from {{ ref('stg_organisation_statements') }} as statements
    inner join {{ ref('std_records') }} as standardised on statements.record_id = standardised.record_id
    inner join {{ ref('stg_sources') }} as sources on statements.source_system = sources.source_system
    where
        coalesce(standardised.organisation_id, standardised.organisation_key) is not null
        and statements.source_system in ({{ told_sources() }})
        and coalesce(statements.stated_at::date <= {{ as_of_date() }}, true)
),

read as (
    {% for aspect, (part, family) in organisation_aspects().items() %}
    select
        organisation_ref,
        '{{ part }}' as part,
        '{{ 'registration_status' if aspect == 'status' else aspect }}' as aspect,
        '{{ family }}' as code_system,
        {% if aspect == 'market_share' %}{{ share_band(aspect) }}
        {%- else %}standardise_code('{{ family }}', {{ aspect }}){% endif %} as code,
        record_id,
        source_system,
        source_rank,
        legal_basis,
        stated_at::date as stated_on
    from told
    where {{ aspect }} is not null
    {% if not loop.last %}union all{% endif %}
    {% endfor %}
)

select
    read.organisation_ref,
    read.part,
    read.aspect,
    read.code,
    labels.english as label_english,
    labels.chinese as label_chinese,
    read.record_id,
    read.source_system,
    read.legal_basis,
    read.stated_on
from read
left join {{ ref('code_labels') }} as labels on read.code_system = labels.code_system and read.code = labels.code
where
    read.code is not null
    -- credit is told only under a recorded legal basis
    and (read.part <> 'credit' or read.legal_basis is not null)
-- of one day and aspect the most trusted source counts
qualify row_number() over (
    partition by read.organisation_ref, read.aspect, read.stated_on
    order by read.source_rank asc, read.source_system asc, read.record_id desc
) = 1
