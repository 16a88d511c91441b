{#-
    Share of the other profiles of the same entity type that carry the same value: the chance that a random pair agrees
    on it. The profiles expected to be the same person are taken off first; what is left counts as half a profile at
    least, so that the share is never zero.
-#}
{% macro term_frequency(column) -%}
    case
        when {{ column }} is not null
            then greatest(
                count(*) over (partition by entity_type, {{ column }}) - 1 - {{ match_setting('expected_duplicates') }}, 0.5
            )
                / greatest(count(*) over (partition by entity_type) - 1, 1)
    end
{%- endmacro %}
