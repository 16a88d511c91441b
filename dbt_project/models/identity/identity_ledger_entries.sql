select
    'assign' as entry,
    token,
    customer_id,
    previous_customer_id,
    null::varchar as successor_id,
    change as reason,
    {{ as_of_date() }} as at_date
from {{ ref('resolved') }}
where change <> 'kept'

union all

select
    'retire' as entry,
    null::varchar as token,
    customer_id,
    null::varchar as previous_customer_id,
    successor_id,
    reason,
    at_date
from {{ ref('customer_id_changes') }}
