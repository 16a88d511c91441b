{#-
    Weight of one comparison in bits, 0 where it is not comparable. Reads the relations pairs, model and population of
    weigh_pairs. A level with a term frequency is weighed by how rare the shared value is instead of the field's average u. No
    lesser level weighs more than the strongest value that nobody else carries: a similar e-mail is never better than the same.
-#}
{% macro field_weight(comparison) -%}
{%- set field, levels, top = comparison.field, level_numbers(comparison), comparison.levels | last -%}
{%- set m, weights = "model." ~ comparison.field ~ "_m", "model." ~ comparison.field ~ "_weights" -%}
{%- set known = "pairs." ~ field ~ "_level" -%}
    coalesce(
        case
            {% for level in comparison.levels | reverse if level.term_frequency or level.strangers -%}
            {%- set carriers = level.term_frequency or level.strangers -%}
            when {{ known }} = {{ levels[level.name] }} and pairs.{{ carriers }} is not null
                then log2({{ m }}[{{ levels[level.name] + 1 }}]) + {{ carried_bits(comparison, level, 'pairs.' ~ carriers) }}
            {% endfor -%}
            {% if comparison.words -%}
            -- some words in common: the rarer they are, the more they say
            when length(pairs.{{ comparison.words }}) > 0
                then log2({{ m }}[{{ known }} + 1]) + coalesce({{ 'list_max' if comparison.rarest_word else 'list_sum' }}(list_transform(
                    pairs.{{ comparison.words }},
                    lambda carriers: {{ rarity_bits('carriers', match_setting('word_agreement'), 'population.' ~ top.term_frequency ~ '_known') }}
                )), 0)
            {% elif comparison.slips -%}
            when pairs.{{ comparison.slips }} > {{ match_setting('slip_carriers') }}
                then least(
                    {{ weights }}[{{ known }} + 1],
                    log2({{ m }}[{{ known }} + 1] / {{ match_setting('slip_variants') }})
                    + {{ rarity_bits('pairs.' ~ comparison.slips, match_setting('slip_agreement'), known_profiles(field, top.term_frequency)) }}
                )
            {% endif -%}
            {% if top.term_frequency or top.strangers -%}
            when {{ known }} < {{ levels[top.name] }}
                then least({{ weights }}[{{ known }} + 1], log2({{ m }}[{{ levels[top.name] + 1 }}]) + {{ carried_bits(comparison, top, none) }})
            {% endif -%}
            when {{ known }} is not null then {{ weights }}[{{ known }} + 1]
        end,
        0
    )
{%- endmacro %}

{#- -log2 of the chance to share the value of a level with somebody else; `carriers` none: a value that nobody else has. -#}
{% macro carried_bits(comparison, level, carriers) -%}
    {%- set m = "model." ~ comparison.field ~ "_m[" ~ (level_numbers(comparison)[level.name] + 1) ~ "]" -%}
    {%- set known = known_profiles(comparison.field, level.term_frequency) -%}
    {{ stranger_bits(comparison.field, carriers or 0) if level.strangers
        else name_bits(carriers or 1, m, known, 'pairs.' ~ comparison.words) if comparison.words
        else rarity_bits(carriers or 1, m, known) }}
{%- endmacro %}

{#-
    The same for a whole name. Its words tell how many strangers bear it by chance, and families and fashions put them together
    `namesakes_cluster` times as often: of the carriers seen, so many as that has beside the duplicates expected. Where nobody is seen
    no more strangers are left than that, and never more than `namesakes_left`.
-#}
{% macro name_bits(carriers, m, known, words) -%}
    {%- set duplicates = 'population.expected_duplicates * ' ~ m -%}
    {%- set by_chance -%}
    {{ match_setting('namesakes_cluster') }} * {{ known }} * coalesce(list_product(
        list_transform({{ words }}, lambda held: held / greatest({{ known }}, 1)::double)
    ), 1)
    {%- endset -%}
    log2(
        greatest({{ known }} - 1, 1) / greatest(
            least(
                {{ carriers }} - 1 - {{ duplicates }},
                ({{ carriers }} - 1) * {{ by_chance }} / ({{ by_chance }} + {{ duplicates }})
            ),
            least({{ match_setting('namesakes_left') }}, {{ by_chance }})
        )
    )
{%- endmacro %}

{#- How many profiles could carry a value of the field: those that have one; of places those of the same country. -#}
{% macro known_profiles(field, carriers) -%}
    {% if carriers in ('dwelling_count', 'area_count', 'city_count') -%}
    coalesce(pairs.country_count, population.{{ carriers }}_known)
    {%- else -%}
    population.{{ carriers | replace('shorter_', '') }}_known
    {%- endif %}
{%- endmacro %}

{#-
    -log2 of the share of other profiles that carry a value by chance, among the `known` that have one: of its carriers,
    the ones expected to be the same entity (duplicates times the chance `m` that they agree) don't count; half a one (`left`) is
    always left.
-#}
{% macro rarity_bits(carriers, m, known, left=0.5) -%}
    log2(
        greatest({{ known }} - 1, 1)
        / greatest({{ carriers }} - 1 - population.expected_duplicates * {{ m }}, {{ left }})
    )
{%- endmacro %}

{#-
    The same for a contact, where names tell who of its carriers is somebody else. Where nobody is, half a stranger is left times the
    share of shared contacts that do have strangers.
-#}
{% macro stranger_bits(field, strangers) -%}
    log2(greatest(population.{{ field }}_known - 1, 1) / greatest({{ strangers }}, 0.5 * least(coalesce(shared.{{ field }}_shared, 1), 1)))
{%- endmacro %}
