{#-
    dbt's own materialization of tests, and after a failure a line for each row (rule, failures) of the test: dbt tells only how
    many. Rows of tests with other columns may be anybody's, they are not told.
    A test that stops a build has passed where nothing that it reads changed since a published one.
-#}
{%- materialization test, adapter='duckdb' -%}
    {%- if (config.get('severity') or 'error') | lower == 'error' and not reasons_to_build(model, sql) -%}
        {%- call statement('main', fetch_result=True) -%}
            select 0 as failures, false as should_warn, false as should_error
        {%- endcall -%}
        {{ return({'relations': []}) }}
    {%- endif -%}
    {%- set ended = dbt.materialization_test_default() -%}
    {%- if load_result('main')['data'][0][0] -%}
        {%- set broken = run_query(sql) -%}
        {%- if broken.column_names | map('lower') | list == ['rule', 'failures'] -%}
            {%- for row in broken.rows -%}
                {%- do log(model.name ~ ': not every row: ' ~ row[0] ~ ' (' ~ row[1] ~ ' rows)', info=true) -%}
            {%- endfor -%}
        {%- endif -%}
    {%- endif -%}
    {{ return(ended) }}
{%- endmaterialization -%}
