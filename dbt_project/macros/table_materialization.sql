{#-
    A table in one transaction: what was there is dropped, what the model says is written. The adapter's own way (another
    name first, then two renames and a drop) costs each model three more statements and the context of three more macros, a
    third of a small build; here nobody reads a table while it is built: a night builds in a file of its own.
    In a build that began as a copy of another, a table without a reason to be built stays; one that is built and says what
    it said before is no reason for others, and it may read what it said before (macros/rows_before.sql). A Python model may
    not: it writes through a connection of its own, which would meet the renaming half done.
-#}
{%- materialization table, adapter='duckdb', supported_languages=['sql', 'python'] -%}
    {%- set existing = load_cached_relation(this) -%}
    {%- set target_relation = this.incorporate(type='table') -%}
    {%- set reasons = reasons_to_build(model, compiled_code) if existing is not none else ['*'] -%}
    {%- if not reasons -%}
        {%- call statement('main') -%} select 1 {%- endcall -%}
        {{ return({'relations': [target_relation]}) }}
    {%- endif -%}
    {%- set is_sql = model['language'] == 'sql' -%}
    {%- set aside = before_name(this) if '*' not in reasons and is_sql else none -%}
    {%- set told = rows_told(existing) if '*' not in reasons and not is_sql else none -%}
    {{ run_hooks(pre_hooks, inside_transaction=False) }}
    {{ run_hooks(pre_hooks, inside_transaction=True) }}
    {%- if aside is not none -%}
        {%- call statement('set_aside') -%} alter table {{ existing }} rename to {{ aside.identifier }} {%- endcall -%}
    {%- elif existing is not none -%}
        {%- call statement('drop_existing', auto_begin=is_sql) -%}
            drop {{ existing.type }} if exists {{ existing }} cascade
        {%- endcall -%}
    {%- endif -%}
    {%- call statement('main', language=model['language']) -%}
        {{ create_table_as(False, target_relation, compiled_code, model['language']) }}
    {%- endcall -%}
    {%- if config.get('indexes') -%}{%- do create_indexes(target_relation) -%}{%- endif -%}
    {%- if aside is not none -%}
        {%- if not says_the_same(aside, target_relation) -%}{%- do tell_news(model) -%}{%- endif -%}
        {%- call statement('drop_aside') -%} drop table {{ aside }} {%- endcall -%}
    {%- elif told is not none and rows_told(target_relation) != told -%}
        {%- do tell_news(model) -%}
    {%- endif -%}
    {{ run_hooks(post_hooks, inside_transaction=True) }}
    {%- if config.get('persist_docs') -%}{%- do persist_docs(target_relation, model) -%}{%- endif -%}
    {{ adapter.commit() }}
    {{ run_hooks(post_hooks, inside_transaction=False) }}
    {{ return({'relations': [target_relation]}) }}
{%- endmaterialization -%}
