{#-
    Which value of a field survives. Weights stand in the seed survivorship_weights, one column per part. Ties go to the
    value seen last, then to the first in order of text, so that the order is total.
-#}
{% macro survival_parts() %}
    {{ return(['agreement', 'source', 'recency', 'verification', 'completeness']) }}
{% endmacro %}

{#- How much each part speaks for a value, in the order of survival_parts; recency halves every year. -#}
{% macro survival_scores(as_of) -%}
    [
        weights.agreement_weight * ln(1 + summed.source_count),
        weights.source_weight / greatest(coalesce(summed.best_source_rank, 99), 1),
        weights.recency_weight
        * coalesce(pow(0.5, greatest(date_diff('day', summed.last_seen_at::date, {{ as_of }}), 0) / 365.25), 0),
        weights.verification_weight * summed.verdict,
        weights.completeness_weight * summed.completeness
    ]
{%- endmacro %}

{#- 0-1: a whole name in its own script, a whole name, an initial, half a name. -#}
{% macro name_completeness() -%}
    case
        when native_name is not null then 1.0
        when family_name is not null and length(given_name) > 1 then 0.9
        when family_name is not null and given_name is not null then 0.7
        else 0.2
    end
{%- endmacro %}

{#- 0-1: the line counts most, since without it no letter arrives. -#}
{% macro address_completeness() -%}
    (
        case when address_line is not null then 0.5 else 0 end
        + case when house_number is not null then 0.1 else 0 end
        + case when city is not null then 0.2 else 0 end
        + case when coalesce(province, country) is not null then 0.1 else 0 end
        + case when postcode is not null then 0.1 else 0 end
    )
{%- endmacro %}

{#- Words of a standardised latin name or the like with capital initials. -#}
{% macro title_case(expression) -%}
    array_to_string(
        list_transform(string_split({{ expression }}, ' '), lambda word: upper(word[1]) || word[2:]), ' '
    )
{%- endmacro %}

{#- A place for people to read: those in latin letters are kept in small ones, those in hanzi have none. -#}
{% macro shown_place(column) -%}
    case when length({{ column }}) <= 3 then upper({{ column }}) else {{ title_case(column) }} end
{%- endmacro %}
