select
    sources.source_system,
    sources.channel,
    sources.acquisition_mode,
    sources.vendor,
    count(quality.record_id)::integer as record_count,
    count(distinct quality.customer_id)::integer as customer_count,
    avg(quality.quality_score)::decimal(5, 4) as quality_score,
    avg(quality.is_within_one_year::integer)::decimal(5, 4) as within_one_year_share,
    avg((quality.verification_score = 1)::integer)::decimal(5, 4) as verified_share,
    avg((quality.verification_score = 0)::integer)::decimal(5, 4) as failed_share,
    avg((not quality.is_consistent)::integer)::decimal(5, 4) as inconsistent_share,
    max(quality.event_at) as latest_event_at
from {{ ref('stg_sources') }} as sources
left join {{ ref('record_quality') }} as quality on sources.source_system = quality.source_system
group by all
