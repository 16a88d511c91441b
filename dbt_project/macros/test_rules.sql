{#-
    All rules of a model in one query: one row per broken rule with the number of rows that break it, and no value of any
    row. A node per rule costs dbt ten times what its query does.
    not_null: columns. unique: columns, or lists of columns that are a key together (nulls count as values in a list only).
    accepted_values: column -> values. relationships: {column, to, field} with `to` a ref. Nulls break only not_null.
-#}
{% test rules(model, not_null=[], unique=[], accepted_values={}, relationships=[]) %}
{%- set counts = [] -%}
{%- for column in not_null -%}
    {%- do counts.append((column ~ ' is filled', 'count(*) filter (where ' ~ adapter.quote(column) ~ ' is null)')) -%}
{%- endfor -%}
{%- for column, values in accepted_values.items() -%}
    {%- set listed = "'" ~ values | join("', '") ~ "'" -%}
    {%- do counts.append((
        column ~ ' has a known value', 'count(*) filter (where ' ~ adapter.quote(column) ~ '::varchar not in (' ~ listed ~ '))'
    )) -%}
{%- endfor -%}
with found as (
    {%- if counts %}
    select unnest([
        {%- for rule, expression in counts %}
        { 'rule': '{{ rule | replace("'", "''") }}', 'failures': {{ expression }} }{{ ',' if not loop.last }}
        {%- endfor %}
    ], recursive := true)
    from {{ model }}
    {{- ' union all' if unique or relationships }}
    {%- endif %}
    {%- for key in unique %}
    {%- set columns = [key] if key is string else key %}
    select
        '{{ columns | join(', ') }} is unique' as rule,
        coalesce(sum(row_count), 0)::bigint as failures
    from (
        select count(*) as row_count
        from {{ model }}
        {{ 'where ' ~ adapter.quote(key) ~ ' is not null' if key is string }}
        group by {{ columns | map('tojson') | join(', ') }}
        having count(*) > 1
    )
    {{- ' union all' if not loop.last or relationships }}
    {%- endfor %}
    {%- for relation in relationships %}
    select
        '{{ relation.column }} is found in {{ relation.to.identifier }}' as rule,
        count(*) as failures
    from {{ model }} as child
    where
        child.{{ adapter.quote(relation.column) }} is not null
        and child.{{ adapter.quote(relation.column) }} not in (
            select parent.{{ adapter.quote(relation.field) }} from {{ relation.to }} as parent where parent.{{ adapter.quote(relation.field) }} is not null
        )
    {{- ' union all' if not loop.last }}
    {%- endfor %}
)

select rule, failures
from found
where failures > 0
{% endtest %}
