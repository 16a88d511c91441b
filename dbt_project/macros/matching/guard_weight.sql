{#-
    Bits that a guard takes away, 0 or less: its fields together, after what earlier guards took from them, count no more than its cap
    where its condition holds. A pair that a relief of this guard stands for weighs no more than the relief's odds instead. Reads columns
    of the relation of weigh_pairs in which earlier guards stand.
-#}
{% macro guard_weight(guard) -%}
    {%- set specification = match_specification() -%}
    {%- set earlier = [] -%}
    {%- set open = namespace(value=true) -%}
    {%- for other in specification.guards -%}
        {%- if other.name == guard.name -%}{%- set open.value = false -%}{%- endif -%}
        {%- if open.value -%}{%- do earlier.append(other.name ~ '_guard') -%}{%- endif -%}
    {%- endfor -%}
    {%- set together = [] -%}
    {%- for field in guard.of -%}{%- do together.append(field ~ '_weight') -%}{%- endfor -%}
    {%- set all = ['prior_weight', 'name_correction'] -%}
    {%- for field in match_fields() -%}{%- do all.append(field ~ '_weight') -%}{%- endfor -%}
    {%- set reliefs = [] -%}
    {%- for relief in specification.reliefs if guard.name in relief.of -%}{%- do reliefs.append(relief) -%}{%- endfor -%}
    case
        when not {{ match_fact(guard.when) }} then 0
        {% for relief in reliefs -%}
        when relief > 0 and {{ match_fact(relief.pairs) }} then least(relief - ({{ (all + earlier) | join(' + ') }}), 0)
        {% endfor -%}
        else least({{ match_setting(guard.cap) }} - ({{ (together + earlier) | join(' + ') }}), 0)
    end
{%- endmacro %}
