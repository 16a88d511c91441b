{#- One text key for a combination of columns, nulls kept apart from blanks, so that distinct values join on one column. -#}
{% macro value_key(columns) -%}
    md5(concat_ws(chr(31), {% for column in columns -%}
        coalesce('=' || {{ column }}, '-'){% if not loop.last %}, {% endif %}
    {%- endfor %}))
{%- endmacro %}
