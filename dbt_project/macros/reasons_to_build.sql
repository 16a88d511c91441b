{#-
    Why a model or test has to be looked at again: names of its tables and sources that changed since the build that this one
    began with (pipelines/publishing/kept_build.py), and `*` where it began with none. A text that names the as-of date is
    another one each day. Nothing found: what stands there is what it would give.
-#}
{% macro reasons_to_build(node, code) -%}
    {%- set names = ['*'] + node.depends_on.get('nodes', []) -%}
    {%- set found = run_query(
        "select name from warehouse.night.news where name in ('" ~ names | join("', '") ~ "')"
    ).columns[0].values() | list -%}
    {%- if 'as_of_date()' in code -%}{%- do found.append('as_of_date') -%}{%- endif -%}
    {{ return(found) }}
{%- endmacro %}

{#- Rows of a table whatever their order, as one text. -#}
{% macro rows_told(relation) -%}
    {{ return(run_query(
        "select count(*) || ' ' || coalesce(sum(hash(one)::hugeint), 0) from " ~ relation ~ " as one"
    ).columns[0].values()[0]) }}
{%- endmacro %}

{#- What is built on this model has to be built again as well. -#}
{% macro tell_news(node) -%}
    {%- call statement('tell_news') -%}
        insert into warehouse.night.news select distinct build, '{{ node.unique_id }}' from warehouse.night.news
    {%- endcall -%}
{%- endmacro %}
