{#-
    Weight of a person's name in bits from two views of it, its parts and its words. They repeat each other and are never
    added. A name alone does not make a match where the birth date says another generation, half a name never does, nor the name of a
    father for his son (Sr and Jr).
-#}
{% macro name_weight() -%}
{%- set parts = "least(family_weight + given_weight - is_swapped::integer, both_names_weight) + middle_weight" -%}
    least(
        case
            when full_name_level is null then {{ parts }}
            -- three words and more: how many carry all of them says more than how many carry two
            when {{ match_fact('full_name:same and middle:same and family:same and given:same') }}
                then least(family_weight + given_weight + middle_weight, full_name_weight)
            -- the same whole name: how many carry it counts, or its parts where these are more common still
            when {{ match_fact('full_name:same') }} and family_level is not null and given_level is not null
                then least({{ parts }}, full_name_weight)
            -- words tell where a part is missing, or where the same words were cut into parts elsewhere
            when family_level is null or given_level is null or {{ match_fact('full_name>similar') }}
                then greatest({{ parts }}, full_name_weight)
            else {{ parts }}
        end,
        -prior_weight + case
            when {{ match_fact('family:different or given:different or family:none or given:none or name_contradicts') }}
                then {{ match_setting('half_name_surplus') }}
            when {{ match_fact('given<same_reading and not both_han') }} then {{ match_setting('near_name_surplus') }}
            when {{ match_fact('birth_date_contradicts') }} and relief = 0 then {{ match_setting('other_generation_surplus') }}
            else {{ match_setting('name_surplus') }}
        end
    )
{%- endmacro %}
