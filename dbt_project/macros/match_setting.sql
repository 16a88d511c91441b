{#- One value of the seed match_settings, as a scalar subquery. -#}
{% macro match_setting(name) -%}
    (select value from {{ ref('match_settings') }} where setting = '{{ name }}')
{%- endmacro %}
