{#-
    How many fields and levels of the specification the stored model lacks, or has too many, as level_count: a model is trained where
    it is not 0 (active_model in pipelines/identity/training.py decides by the same), and only then samples are needed.
-#}
{% macro untrained() -%}
    select count(*) as level_count
    from {{ ref('identity_match_levels') }} as levels
    full join (
        select
            field,
            level
        from {{ source('state', 'match_model') }}
        where field not in ('any_pair', 'relief')
    ) as stored on levels.field = stored.field and levels.level = stored.level
    where levels.field is null or stored.field is null
{%- endmacro %}
