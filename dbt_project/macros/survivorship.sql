{#-
    Which value of a field survives. Weights stand in the seed survivorship_weights: how much it counts that several
    sources agree, that the best of them is trusted (1 / rank), and that it was seen lately (halves every year).
    Ties go to the value seen last, then to the first in order of text, so that the order is total.
-#}
{% macro survival_score(agreeing, best_rank, last_seen_at, as_of) -%}
    weights.agreement_weight * ln(1 + {{ agreeing }})
    + weights.source_weight / greatest({{ best_rank }}, 1)
    + weights.recency_weight * pow(0.5, coalesce(date_diff('day', {{ last_seen_at }}::date, {{ as_of }}), 3650) / 365.25)
{%- endmacro %}
