{#- The areas in which a customer lives by the golden address, from province to district. -#}
{{ config(schema='marts_work', access='private') }}
{%- set levels = {
    'province': ['province'], 'city': ['province', 'city'], 'district': ['province', 'city', 'district'],
} -%}
with people as (
    select
        customer_id,
        province,
        city,
        district
    from {{ ref('customers') }}
    where country = 'CN' and entity_type = 'person'
)

{% for level, parts in levels.items() %}
select
    people.customer_id,
    areas.area_level,
    areas.area_code
from people
inner join {{ ref('std_areas') }} as areas
    on
        areas.area_level = '{{ level }}'
        {% for part in parts -%}
        and people.{{ part }} = areas.{{ part }}
        {% endfor %}
{% if not loop.last %}union all{% endif %}
{% endfor %}
