{#- The areas in which a customer lives by the golden address, from province to district. -#}
{{ config(schema='marts_work', access='private') }}
select
    customers.customer_id,
    areas.area_level,
    areas.area_code
from {{ ref('customers') }} as customers
inner join {{ ref('std_areas') }} as areas
    on
        customers.province = areas.province
        and (areas.city is null or customers.city = areas.city)
        and (areas.district is null or customers.district = areas.district)
where customers.country = 'CN' and customers.entity_type = 'person'
