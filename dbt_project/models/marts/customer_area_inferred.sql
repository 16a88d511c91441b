{#-
    What is true of the smallest area around a customer of which a figure is known: it says something of the area and nothing of the
    person, stands apart from what is known or inferred of the person, and is told of no area so small that it would be about a few.
-#}
select
    areas.customer_id,
    figures.measure,
    figures.area_value,
    figures.unit,
    'area_aggregate' as basis,
    figures.area_level,
    figures.area_code,
    figures.area_name,
    figures.valid_on,
    figures.publisher
from {{ ref('customer_areas') }} as areas
inner join {{ ref('area_summary') }} as figures on areas.area_code = figures.area_code
where
    figures.people >= {{ var('area_minimum_people') }}
    and figures.measure <> 'population'
    and areas.customer_id not in (select refused.customer_id from {{ ref('refused_profiling') }} as refused)
qualify row_number() over (
    partition by areas.customer_id, figures.measure
    order by case figures.area_level when 'district' then 1 when 'city' then 2 else 3 end
) = 1
