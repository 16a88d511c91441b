{#-
    64 bits of the md5 of a text as an unsigned number, by shift: md5_number_lower gives the same number at more than twice the
    cost, through a text of 128 zeros and ones.
-#}
{% macro md5_upper_half(text) -%}
    (md5_number({{ text }}) >> 64)::ubigint
{%- endmacro %}
