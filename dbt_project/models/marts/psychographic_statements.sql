{#- What sources say of opinions, values, interests and motives, read by the code system of source and field. -#}
{{ config(schema='marts_work', access='private') }}
with told as (
    select
        record_id,
        source_system,
        'segment_code' as field,
        segment_code as words,
        coalesce(collected_at, event_at) as stated_at
    from {{ ref('stg_purchased_lists') }}
    union all
    select
        record_id,
        source_system,
        'psychographics' as field,
        psychographics as words,
        coalesce(collected_at, event_at) as stated_at
    from {{ ref('stg_purchased_lists') }}
    union all
    select
        record_id,
        source_system,
        'psychographics' as field,
        psychographics as words,
        event_at as stated_at
    from {{ ref('stg_registrations') }}
),

single as (
    select distinct
        told.record_id,
        told.source_system,
        told.stated_at,
        coalesce(own.code_system, general.code_system) as code_system,
        coalesce(own.valid_months, general.valid_months) as valid_months,
        lower(trim(parts.word)) as word
    from told
    -- a source with a code system of its own is read by no other
    left join {{ ref('code_systems') }} as own
        on told.field = own.field and told.source_system = own.source_system
    left join {{ ref('code_systems') }} as general
        on told.field = general.field and general.source_system = '*'
    cross join unnest(regexp_split_to_array(told.words, '[,;，；、|]')) as parts (word)
    where told.words is not null and coalesce(own.code_system, general.code_system) is not null
)

select
    single.record_id,
    single.source_system,
    single.code_system,
    codes.attribute,
    codes.code,
    single.stated_at,
    -- the first day on which it counts no longer
    (single.stated_at::date + to_months(single.valid_months))::date as expires_on
from single
left join {{ ref('psychographic_codes') }} as codes
    on single.code_system = codes.code_system and single.word = lower(trim(codes.word))
where single.word <> ''
