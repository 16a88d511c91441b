{#-
    Share of the other profiles of the same entity type that carry the same value: the chance that a random pair agrees
    on it. A value that nobody else carries counts as half a profile, so that the share is never zero.
-#}
{% macro term_frequency(column) -%}
    case
        when {{ column }} is not null
            then greatest(count(*) over (partition by entity_type, {{ column }}) - 1, 0.5)
                / greatest(count(*) over (partition by entity_type) - 1, 1)
    end
{%- endmacro %}
