{#-
    Bits that a guard takes away, 0 or less: its fields together, after what earlier guards took from them, count no more than its cap
    where its condition holds. Reads columns of the relation of weigh_pairs in which earlier guards stand.
-#}
{% macro guard_weight(guard) -%}
    {%- set together = [] -%}
    {%- for field in guard.of -%}{%- do together.append(field ~ '_weight') -%}{%- endfor -%}
    {%- set earlier = namespace(open=true) -%}
    {%- for other in match_specification().guards -%}
        {%- if other.name == guard.name -%}{%- set earlier.open = false -%}{%- endif -%}
        {%- if earlier.open -%}{%- do together.append(other.name ~ '_guard') -%}{%- endif -%}
    {%- endfor -%}
    case
        when {{ match_fact(guard.when) }}
            then least({{ match_setting(guard.cap) }} - ({{ together | join(' + ') }}), 0)
        else 0
    end
{%- endmacro %}
