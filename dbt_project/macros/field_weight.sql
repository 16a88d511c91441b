{#-
    Weight of one field in bits, 0 where it is not comparable. Reads the relations pairs, model and population of
    weigh_pairs. `counts`: level -> column that says how many profiles carry the shared value; such a level is weighed by
    how rare the value is instead of the field's average u. No lesser level weighs more than the same value that nobody else
    carries: a similar e-mail is never better than the same.
-#}
{% macro field_weight(field, counts) -%}
{%- set m = "model." ~ field ~ "_m" -%}
{%- set top = counts | max if counts -%}
    coalesce(
        case
            {% for level, carriers in counts.items() -%}
            when pairs.{{ field }}_level = {{ level }} and pairs.{{ carriers }} is not null
                then log2({{ m }}[{{ level + 1 }}]) + {{ stranger_bits(field) if carriers.endswith('_strangers') else rarity_bits('pairs.' ~ carriers, m ~ '[' ~ (level + 1) ~ ']', known_profiles(field, carriers)) }}
            {% endfor -%}
            {% if field == 'full_name' -%}
            -- some words in common: the rarer they are, the more they say
            when pairs.full_name_level in (1, 2)
                then log2({{ m }}[pairs.full_name_level + 1]) + coalesce(list_sum(list_transform(
                    pairs.shared_token_counts, lambda carriers: {{ rarity_bits('carriers', 0.7, 'population.full_name_count_known') }}
                )), 0)
            {% elif field in ('family', 'given') -%}
            when pairs.{{ field }}_slip_count is not null
                then least(
                    model.{{ field }}_weights[pairs.{{ field }}_level + 1],
                    log2({{ m }}[pairs.{{ field }}_level + 1] / {{ match_setting('slip_variants') }})
                    + {{ rarity_bits('pairs.' ~ field ~ '_slip_count', 0.1, known_profiles(field, field ~ '_count')) }}
                )
            {% endif -%}
            {% if counts -%}
            when pairs.{{ field }}_level < {{ top }}
                then least(model.{{ field }}_weights[pairs.{{ field }}_level + 1], {{ rarest_bits(field, m ~ '[' ~ (top + 1) ~ ']', counts[top]) }})
            {% endif -%}
            when pairs.{{ field }}_level is not null then model.{{ field }}_weights[pairs.{{ field }}_level + 1]
        end,
        0
    )
{%- endmacro %}

{#- What the same value weighs that nobody else carries: the most that a field can say. -#}
{% macro rarest_bits(field, m, carriers) -%}
    log2({{ m }}) + {{ stranger_bits(field, 0) if carriers.endswith('_strangers') else rarity_bits(1, m, known_profiles(field, carriers)) }}
{%- endmacro %}

{#- How many profiles could carry a value of the field: those that have one; of places those of the same country. -#}
{% macro known_profiles(field, carriers) -%}
    {% if field == 'address' -%}
    coalesce(pairs.country_count, population.{{ carriers }}_known)
    {%- else -%}
    population.{{ carriers }}_known
    {%- endif %}
{%- endmacro %}

{#-
    -log2 of the share of other profiles that carry a value by chance, among the `known` that have one: of its carriers,
    the ones expected to be the same entity (duplicates times the chance `m` that they agree) don't count; half a one is
    always left.
-#}
{% macro rarity_bits(carriers, m, known) -%}
    log2(
        greatest({{ known }} - 1, 1)
        / greatest({{ carriers }} - 1 - population.expected_duplicates * {{ m }}, 0.5)
    )
{%- endmacro %}

{#- The same for a contact, where names tell who of its carriers is somebody else. -#}
{% macro stranger_bits(field, strangers=none) -%}
    log2(greatest(population.{{ field }}_known - 1, 1) / greatest({{ strangers if strangers is not none else 'pairs.' ~ field ~ '_strangers' }}, 0.5))
{%- endmacro %}
