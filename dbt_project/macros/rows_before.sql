{#-
    The table that this model made in the build that the night began with (pipelines/publishing/kept_build.py), under the name
    that it has while the new one is made beside it (macros/table_materialization.sql). None in any other build and outside of
    one. Code, lists and packages are the same there: what a row said of the same inputs it says still.
-#}
{% macro rows_before() %}
    {%- set existing = load_cached_relation(this) if execute and flags.WHICH in ('build', 'run') else none -%}
    {{ return(before_name(this) if existing is not none and existing.is_table and not keeps_nothing() else none) }}
{% endmacro %}

{#- Whether this build takes over nothing of another. -#}
{% macro keeps_nothing() %}
    {{ return(run_query("select count(*) from warehouse.night.news where name = '*'").columns[0].values()[0] > 0) }}
{% endmacro %}

{#- The relation under which a table waits until the one that takes its place is whole. -#}
{% macro before_name(relation) %}
    {{ return(relation.incorporate(path={'identifier': relation.identifier ~ '__before'})) }}
{% endmacro %}
