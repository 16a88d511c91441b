-- A customer is a person or an organisation: the records of one customer are all of one type.
select customer_id
from {{ ref('customer_xref') }}
group by customer_id
having count(distinct entity_type) > 1
