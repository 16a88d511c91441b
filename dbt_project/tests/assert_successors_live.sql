-- An old id must resolve to an id of today, never to another retired one.
select history.customer_id
from {{ ref('customer_id_history') }} as history
left join {{ ref('customers') }} as customers on history.successor_id = customers.customer_id
where history.successor_id is not null and customers.customer_id is null
