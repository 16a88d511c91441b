{#- A layer's schema is named after the layer alone: staging, standardise, identity, golden, marts. -#}
{% macro generate_schema_name(custom_schema_name, node) -%}
    {{ (custom_schema_name or target.schema) | trim }}
{%- endmacro %}
