{#-
    How many profiles may share a key of `rule`. A profile is compared with all who share one of its keys, so that pairs per profile grow
    as keys fill up: with very many profiles a loose rule has a lower cap. `profiles`: how many there are.
-#}
{% macro block_cap(rule, profiles) -%}
    {%- set loose = [] -%}
    {%- for one in match_specification().blocking if one.loose -%}{%- do loose.append(one.rule) -%}{%- endfor -%}
    case
        {% if loose -%}
        when {{ rule }} in ('{{ loose | join("', '") }}')
            then greatest(
                {{ match_setting('loose_cap') }},
                least({{ match_setting('block_cap') }}, {{ match_setting('loose_pairs') }} // greatest({{ profiles }}, 1))
            )
        {% endif -%}
        else {{ match_setting('block_cap') }}
    end
{%- endmacro %}
