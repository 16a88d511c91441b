{#- Levels of the name fields; `a` and `b` are profiles, `is_swapped` says that b's parts stand the other way round. -#}

{#- Both names are in latin letters, so that letters (not readings of characters) were compared. -#}
{% macro both_latin() -%}
    (coalesce(a.name_script, '') <> 'han' and coalesce(b.name_script, '') <> 'han')
{%- endmacro %}

{#- Characters are compared as characters: many share one reading. -#}
{% macro part_likeness(x, y) -%}
    coalesce(
        case
            when a.name_script = 'han' and b.name_script = 'han' then (a.{{ x }}_name = b.{{ y }}_name)::double
            else jaro_winkler_similarity(a.{{ x }}_latin, b.{{ y }}_latin)
        end,
        0
    )
{%- endmacro %}

{#- The parts fit better the other way round; a name of one part only is held against both parts of the other. -#}
{% macro names_swapped() -%}
    (
        greatest({{ part_likeness('family', 'given') }}, {{ part_likeness('given', 'family') }}) >= 0.88
        and {{ part_likeness('family', 'given') }} + {{ part_likeness('given', 'family') }}
        > {{ part_likeness('family', 'family') }} + {{ part_likeness('given', 'given') }} + 0.3
    )
{%- endmacro %}

{#- One slip of the pen, or nearly the same letters. -#}
{% macro similar_part(x, y) -%}
    (
        jaro_winkler_similarity({{ x }}, {{ y }}) >= 0.93
        or (
            greatest(length({{ x }}), length({{ y }})) > 3 and abs(length({{ x }}) - length({{ y }})) <= 1
            and damerau_levenshtein({{ x }}, {{ y }}) <= 1
        )
    )
{%- endmacro %}

{#- Two slips in a name long enough to bear them. -#}
{% macro loosely_similar_part(x, y) -%}
    (
        jaro_winkler_similarity({{ x }}, {{ y }}) >= 0.88
        or least(length({{ x }}), length({{ y }})) > 3 and greatest(length({{ x }}), length({{ y }})) > 4
        and abs(length({{ x }}) - length({{ y }})) <= 2 and damerau_levenshtein({{ x }}, {{ y }}) <= 2
    )
{%- endmacro %}

{% macro family_level() -%}
    case
        when a.family_latin is null or b_family_latin is null then null
        when a.family_name = b_family_name then 4
        when a.family_latin = b_family_latin then 3
        when not {{ both_latin() }} then 0
        when a.family_phonetic = b_family_phonetic or {{ similar_part('a.family_latin', 'b_family_latin') }} then 2
        when {{ loosely_similar_part('a.family_latin', 'b_family_latin') }} then 1
        else 0
    end
{%- endmacro %}

{% macro given_level() -%}
    case
        when a.given_latin is null or b_given_latin is null then null
        when a.given_name = b_given_name then 6
        when a.given_latin = b_given_latin then 5
        when
            a.name_script = 'han' and b.name_script = 'han'
            then case
                when
                    length(a.given_name) = length(b_given_name) and length(a.given_name) >= 2
                    and levenshtein(a.given_name, b_given_name) = 1 then 1
                when starts_with(a.given_name, b_given_name) or starts_with(b_given_name, a.given_name) then 3
                when ends_with(a.given_name, b_given_name) or ends_with(b_given_name, a.given_name) then 4
                else 0
            end
        when not {{ both_latin() }} then 0
        when list_has_any(a.given_roots, b_given_roots) then 4
        when starts_with(a.given_latin, b_given_latin) or starts_with(b_given_latin, a.given_latin) then 3
        when a.given_phonetic = b_given_phonetic or {{ similar_part('a.given_latin', 'b_given_latin') }} then 2
        when {{ loosely_similar_part('a.given_latin', 'b_given_latin') }} then 1
        else 0
    end
{%- endmacro %}

{#- Only where the parts can't tell: a part is missing, or somebody has more than two words (titles, two surnames). -#}
{% macro full_name_level() -%}
    case
        when a.full_key is null or b.full_key is null then null
        when a.full_key = b.full_key then 3
        when
            a.family_latin is not null and a.given_latin is not null
            and b.family_latin is not null and b.given_latin is not null
            and length(a.name_tokens) <= 2 and length(b.name_tokens) <= 2 then null
        when length(a.name_tokens) < 2 or length(b.name_tokens) < 2 then null
        when
            jaro_winkler_similarity(a.full_key, b.full_key) >= 0.85
            or length(list_intersect(a.name_tokens, b.name_tokens)) = least(length(a.name_tokens), length(b.name_tokens))
            then 2
        when
            length(list_intersect(a.name_tokens, b.name_tokens)) * 2
            >= least(length(a.name_tokens), length(b.name_tokens)) then 1
        else 0
    end
{%- endmacro %}
