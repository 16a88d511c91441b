select
    source_system,
    source_name,
    kind,
    channel,
    acquisition_mode,
    vendor,
    vendor_type,
    valid_from,
    valid_to,
    max_uses,
    permitted_channels,
    permitted_purposes,
    net_name_guarantee,
    price_amount,
    price_currency,
    price_unit,
    legal_basis,
    -- the last day of the terms still counts
    coalesce(valid_to < {{ as_of_date() }}, false) as is_expired,
    coalesce(valid_from <= {{ as_of_date() }}, true) and coalesce(valid_to >= {{ as_of_date() }}, true) as is_in_force
from {{ ref('stg_sources') }}
