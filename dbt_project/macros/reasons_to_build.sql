{#-
    Why a model or test has to be looked at again: names of its tables and sources that changed since the build that this one
    began with (pipelines/publishing/kept_build.py), and `*` where it began with none. A text that names the as-of date is
    another one each day; where it only asks whether dates are reached, which the model's meta tells as
    `dated_by: {table: column}`, when one was reached since. Nothing found: what stands there is what it would give.
-#}
{% macro reasons_to_build(node, code) -%}
    {%- set names = ['*'] + node.depends_on.get('nodes', []) -%}
    {%- set found = run_query(
        "select name from warehouse.night.news where name in ('" ~ names | join("', '") ~ "')"
    ).columns[0].values() | list -%}
    {%- if not found and 'as_of_date()' in code -%}
        {%- set dated_by = node.config.meta.get('dated_by') -%}
        {%- if not dated_by or reached_dates(dated_by) -%}{%- do found.append('as_of_date') -%}{%- endif -%}
    {%- endif -%}
    {{ return(found) }}
{%- endmacro %}

{#- How many rows have a date after the day of the copied build and up to today's, or the other way round. -#}
{% macro reached_dates(dated_by) -%}
    {%- set counts = [] -%}
    {%- for table, column in dated_by.items() -%}
        {%- do counts.append(
            '(select count(*) from ' ~ ref(table) ~ ' where ' ~ column ~ '::date > least(day, ' ~ as_of_date() ~ ') and '
            ~ column ~ '::date <= greatest(day, ' ~ as_of_date() ~ '))'
        ) -%}
    {%- endfor -%}
    {{ return(run_query(
        'select ' ~ counts | join(' + ') ~ " from (select substr(name, 7)::date as day from warehouse.night.news where name like 'as_of:%')"
    ).columns[0].values() | sum) }}
{%- endmacro %}

{#- Rows of a table whatever their order, as one text. -#}
{% macro rows_told(relation) -%}
    {{ return(run_query(
        "select count(*) || ' ' || coalesce(sum(hash(one)::hugeint), 0) from " ~ relation ~ " as one"
    ).columns[0].values()[0]) }}
{%- endmacro %}

{#- Whether two tables say the same; most that do not differ in the number of rows, which costs nothing to ask. -#}
{% macro says_the_same(one, other) -%}
    {%- set counts = run_query(
        'select (select count(*) from ' ~ one ~ ') = (select count(*) from ' ~ other ~ ')'
    ).columns[0].values() -%}
    {{ return(counts[0] and rows_told(one) == rows_told(other)) }}
{%- endmacro %}

{#- What is built on this model has to be built again as well. -#}
{% macro tell_news(node) -%}
    {%- call statement('tell_news') -%}
        insert into warehouse.night.news select distinct build, '{{ node.unique_id }}' from warehouse.night.news
    {%- endcall -%}
{%- endmacro %}
