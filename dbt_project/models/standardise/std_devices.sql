with told as (
    select
        user_agent,
        device
    from {{ ref('stg_interactions') }}
    union
    select
        user_agent,
        null as device
    from {{ ref('stg_registrations') }}
),

read as (
    select
        user_agent,
        device,
        read_device(user_agent, device) as found
    from told
    where user_agent is not null or device is not null
)

select
    user_agent,
    device,
    found.device_type,
    found.operating_system,
    found.browser
from read
