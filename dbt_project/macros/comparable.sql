{#-
    A column as far as it can be compared: longer than 200 characters is text in the wrong column. Each of its pairs would
    take as long as ten thousand others, since likeness costs the square of the length.
-#}
{% macro comparable(column) -%}
    case when length({{ column }}) <= 200 then {{ column }} end
{%- endmacro %}
