{#-
    Sources of which something may be told: neither given for matching only, nor under terms that have ended. A model with it
    reads stg_sources and changes on the day after an end (`dated_by: {'stg_sources': 'terms_over_on'}`).
-#}
{% macro told_sources() -%}
    select permitted.source_system
    from {{ ref('stg_sources') }} as permitted
    where
        not coalesce(permitted.matching_only, false)
        and not coalesce(permitted.terms_over_on::date <= {{ as_of_date() }}, false)
{%- endmacro %}
