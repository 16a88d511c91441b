{#- The day that the view describes. The only way for time to enter a model. -#}
{% macro as_of_date() -%}
    memory.main.as_of_date()
{%- endmacro %}
