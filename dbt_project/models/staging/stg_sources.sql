select
    *,
    -- the last day of the terms still counts
    (valid_to + 1)::date as terms_over_on
from {{ source('raw', 'sources') }}
