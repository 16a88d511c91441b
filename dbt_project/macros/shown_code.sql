{#-
    A coded value for people to read: as the record that gave it writes it, and where that is a bare number (married is 20 in
    GB/T 2261) or nothing that this code is read from, by its label.
-#}
{% macro shown_code(code, written, label) -%}
    case
        when {{ code }} is null then null
        when regexp_matches({{ written }}, '\pL') then trim({{ written }})
        else coalesce({{ label }}, {{ code }})
    end
{%- endmacro %}
