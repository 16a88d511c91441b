{#- dbt's own materialization of tests, and after a failure of the test `rules` a line for each broken rule: dbt tells only how many. -#}
{%- materialization test, adapter='duckdb' -%}
    {%- set ended = dbt.materialization_test_default() -%}
    {%- if load_result('main')['data'][0][0] and model.test_metadata.name == 'rules' -%}
        {%- for row in run_query(sql).rows -%}
            {%- do log(model.name ~ ': not every row: ' ~ row[0] ~ ' (' ~ row[1] ~ ' rows)', info=true) -%}
        {%- endfor -%}
    {%- endif -%}
    {{ return(ended) }}
{%- endmaterialization -%}
