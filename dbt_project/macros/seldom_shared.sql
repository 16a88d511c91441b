{# Whether a record's value is not one that its source gives to a hundredth of its records. No id of a source holds a colon. #}
{% macro seldom_shared(field, value, record_id) -%}
    split_part({{ record_id }}, ':', 1) || ':' || {{ value }} not in (
        select source_system || ':' || value from {{ ref('std_frequent_values') }} where field = '{{ field }}'
    )
{%- endmacro %}
