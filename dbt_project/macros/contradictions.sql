{#-
    What says that two profiles of one household, family or building are two, over columns of compare_pairs: weights and training
    cap the evidence of what a household shares by the same rules.
-#}

{#- Father and son of one name; the same birth date, or one slip off it, says that the suffix is wrong. -#}
{% macro generation_contradicts() -%}
    coalesce(generation_level = 0 and coalesce(birth_date_level < 4, true), false)
{%- endmacro %}

{#- Siblings often share one of two characters. The same words of a name cut elsewhere (María José as given name or as two) don't. -#}
{% macro name_contradicts() -%}
    (
        coalesce((given_level = 0 or (given_level = 1 and both_han)) and coalesce(full_name_level < 3, true), false)
        or {{ generation_contradicts() }}
        or coalesce(entity_type = 'organisation' and organisation_level = 0, false)
    )
{%- endmacro %}

{% macro birth_date_contradicts() -%}
    coalesce(birth_date_level = 0, false)
{%- endmacro %}

{% macro has_identifier() -%}
    (coalesce(national_id_level in (1, 2, 3), false) or coalesce(other_id_level = 1, false))
{%- endmacro %}
