{#-
    log2 odds that a pair of people of one home with another given name or birth date is one person, where the data say so
    (reliefs of the matching specification, counted in training); 0 for all other pairs. Below `relief_floor` a guard is not relieved.
-#}
{% macro relief_bits() -%}
    {%- set reliefs = match_specification().reliefs -%}
    {%- if not reliefs -%}{{ return('0') }}{%- endif -%}
    case
        {% for relief in reliefs -%}
        when {{ relief.name }}_bits >= {{ match_setting('relief_floor') }} and {{ match_fact(relief.pairs) }} then {{ relief.name }}_bits
        {% endfor -%}
        else 0
    end
{%- endmacro %}
