{#-
    SQL of a condition over levels, for columns of compare_pairs: `given:different` holds at that level, `birth_date<two_parts` and
    `birth_date>far` below and above it, `full_name:none` where nothing was compared. Facts may name facts.
-#}
{% macro match_fact(text) -%}
    {%- if not execute -%}{{ return('false') }}{%- endif -%}
    {%- set parts = namespace(sql=text | string) -%}
    {%- for name, fact in match_specification().facts.items() -%}
        {%- if modules.re.search('\\b' ~ name ~ '\\b', parts.sql) -%}
            {%- set parts.sql = modules.re.sub('\\b' ~ name ~ '\\b', match_fact(fact.when), parts.sql) -%}
        {%- endif -%}
    {%- endfor -%}
    {%- for whole, field, sign, level in modules.re.findall('((\\w+)([:<>])([a-z]\\w*))', parts.sql) -%}
        {%- if level == 'none' -%}
            {%- set made = field ~ '_level is null' -%}
        {%- else -%}
            {%- set numbers = level_numbers(match_comparison(field)) -%}
            {%- if level not in numbers -%}
                {{ exceptions.raise_compiler_error("_match_specification.yml: " ~ whole ~ " names no level of " ~ field) }}
            {%- endif -%}
            {%- set made = 'coalesce(' ~ field ~ '_level ' ~ ('=' if sign == ':' else sign) ~ ' ' ~ numbers[level] ~ ', false)' -%}
        {%- endif -%}
        {%- set parts.sql = modules.re.sub('(?<!\\w)' ~ whole ~ '\\b', made, parts.sql) -%}
    {%- endfor -%}
    coalesce(({{ parts.sql }}), false)
{%- endmacro %}
