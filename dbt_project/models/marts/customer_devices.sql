{#- A use is a registration or an event that names its device; messages that we sent name none. -#}
{{ config(meta={'dated_by': {
    'stg_registrations': 'event_at', 'stg_interactions': 'occurred_at', 'stg_sources': 'terms_over_on',
}}) }}
with uses as (
    select
        record_id,
        source_system,
        user_agent,
        null as device,
        event_at as used_at
    from {{ ref('stg_registrations') }}
    where event_at::date <= {{ as_of_date() }}
    union all
    select
        record_id,
        source_system,
        user_agent,
        device,
        occurred_at as used_at
    from {{ ref('stg_interactions') }}
    where occurred_at::date <= {{ as_of_date() }}
),

counted as (
    select
        xref.customer_id,
        devices.device_type,
        devices.operating_system,
        devices.browser,
        min(uses.used_at) as first_seen_at,
        max(uses.used_at) as last_seen_at,
        count(*) as use_count
    from uses
    inner join {{ ref('customer_xref') }} as xref on uses.record_id = xref.record_id
    inner join {{ ref('std_devices') }} as devices
        on uses.user_agent is not distinct from devices.user_agent and uses.device is not distinct from devices.device
    where
        coalesce(devices.device_type, devices.operating_system) is not null
        and uses.source_system in ({{ told_sources() }})
    group by all
)

select
    customer_id,
    device_type,
    operating_system,
    browser,
    first_seen_at,
    last_seen_at,
    use_count::integer as use_count,
    (use_count / sum(use_count) over (partition by customer_id))::decimal(5, 4) as share_of_use,
    row_number() over (
        partition by customer_id
        order by use_count desc, last_seen_at desc, device_type asc, operating_system asc nulls last, browser asc nulls last
    ) = 1 as is_main
from counted
