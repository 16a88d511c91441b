{#-
    The level of one comparison for the two profiles of compare_pairs as an integer: the strongest whose condition holds, 0 where none does, null
    where a side has no value.
-#}
{% macro comparison_level(comparison) -%}
    case
        when not coalesce({{ match_condition(comparison.compared_when, comparison) }}, false) then null
        {% for level in comparison.levels | reverse if level.when -%}
        when {{ match_condition(level.when, comparison) }} then {{ level_numbers(comparison)[level.name] }}
        {% endfor -%}
        {% if not comparison.levels[0].when -%}
        else 0
        {%- endif %}
    end
{%- endmacro %}

{#-
    SQL of a condition: `comparator(column)` becomes the comparator over that column of both sides, `$name` a threshold, `a.city` and
    `b.city` that column of one side.
-#}
{% macro match_condition(text, comparison) -%}
    {%- set parts = namespace(sql=text | string, made='') -%}
    {%- for name, bound in (comparison.thresholds or {}).items() -%}
        {%- set parts.sql = modules.re.sub('\\$' ~ name ~ '\\b', bound | string, parts.sql) -%}
    {%- endfor -%}
    {%- for name, template in match_specification().comparators.items() -%}
        {%- for column in modules.re.findall('(?<![\\w.])' ~ name ~ '\\((\\w+)\\)', parts.sql) -%}
            {%- set parts.made = template | replace('{x}', 'a_' ~ column) | replace('{y}', 'b_' ~ column) -%}
            {%- for pattern, written in match_specification().patterns.items() -%}
                {%- set parts.made = parts.made | replace('{' ~ pattern ~ '}', written) -%}
            {%- endfor -%}
            {%- set parts.sql = parts.sql | replace(name ~ '(' ~ column ~ ')', '(' ~ parts.made ~ ')') -%}
        {%- endfor -%}
    {%- endfor -%}
    ({{ modules.re.sub("(?<![\\w.\"'])([ab])\\.(\\w+)", '\\1_\\2', parts.sql) }})
{%- endmacro %}

{#- Columns of a name's parts -> the column of the other part. -#}
{% macro turned_columns() %}
    {{ return({
        'family_name': 'given_name', 'given_name': 'family_name', 'family_latin': 'given_latin', 'given_latin': 'family_latin',
        'family_phonetic': 'given_phonetic', 'given_phonetic': 'family_phonetic', 'given_roots': none,
        'family_is_pinyin': 'given_is_pinyin', 'given_is_pinyin': 'family_is_pinyin',
    }) }}
{% endmacro %}
