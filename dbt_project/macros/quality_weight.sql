{#- One weight of the seed quality_weights, as a scalar subquery. -#}
{% macro quality_weight(part) -%}
    (select weight from {{ ref('quality_weights') }} where part = '{{ part }}')
{%- endmacro %}
