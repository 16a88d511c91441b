{#- How many profiles of the same entity type carry the same value; null without a value. -#}
{% macro carriers(column) -%}
    case when {{ column }} is not null then count(*) over (partition by entity_type, {{ column }}) end
{%- endmacro %}
