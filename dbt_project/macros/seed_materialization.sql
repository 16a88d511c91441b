{#- dbt's own materialization of seeds; in a build that began as a copy of another, whose code is the same, they stay. -#}
{%- materialization seed, adapter='duckdb' -%}
    {%- if load_cached_relation(this) is not none and not reasons_to_build(model, '') -%}
        {%- call statement('main') -%} select 1 {%- endcall -%}
        {%- do store_result('agate_table', response='kept', agate_table=run_query('select 1')) -%}
        {{ return({'relations': [this]}) }}
    {%- endif -%}
    {{ return(dbt.materialization_seed_default()) }}
{%- endmaterialization -%}
