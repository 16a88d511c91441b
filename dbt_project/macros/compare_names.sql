{#- Levels of the name fields; `a` and `b` are profiles, `is_swapped` says that b's parts stand the other way round. -#}

{#- Both names are in latin letters, so that letters (not readings of characters) were compared. -#}
{% macro both_latin() -%}
    (coalesce(a.name_script, '') <> 'han' and coalesce(b.name_script, '') <> 'han')
{%- endmacro %}

{% macro names_swapped() -%}
    (
        a.family_latin is not null and a.given_latin is not null
        and b.family_latin is not null and b.given_latin is not null
        and jaro_winkler_similarity(a.family_latin, b.given_latin) >= 0.88
        and jaro_winkler_similarity(a.given_latin, b.family_latin) >= 0.88
        and jaro_winkler_similarity(a.family_latin, b.family_latin) < 0.88
    )
{%- endmacro %}

{% macro family_level() -%}
    case
        when a.family_latin is null or b_family_latin is null then null
        when a.family_name = b_family_name then 3
        when a.family_latin = b_family_latin then 2
        when a.family_phonetic = b_family_phonetic and {{ both_latin() }} then 1
        when jaro_winkler_similarity(a.family_latin, b_family_latin) >= 0.88 and {{ both_latin() }} then 1
        else 0
    end
{%- endmacro %}

{% macro given_level() -%}
    case
        when a.given_latin is null or b_given_latin is null then null
        when a.given_name = b_given_name then 5
        when a.given_latin = b_given_latin then 4
        when a.given_root = b_given_root and {{ both_latin() }} then 3
        when
            {{ both_latin() }}
            and (starts_with(a.given_latin, b_given_latin) or starts_with(b_given_latin, a.given_latin)) then 2
        when
            {{ both_latin() }}
            and (
                jaro_winkler_similarity(a.given_latin, b_given_latin) >= 0.88
                or a.given_phonetic = b_given_phonetic
                or (
                    length(a.given_latin) > 3
                    and abs(length(a.given_latin) - length(b_given_latin)) <= 1
                    and damerau_levenshtein(a.given_latin, b_given_latin) <= 1
                )
            ) then 1
        when
            a.name_script = 'han' and b.name_script = 'han'
            and length(a.given_name) = length(b_given_name) and length(a.given_name) >= 2
            and levenshtein(a.given_name, b_given_name) = 1 then 1
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
        when jaro_winkler_similarity(a.full_key, b.full_key) >= 0.85 then 2
        when
            length(list_intersect(a.name_tokens, b.name_tokens)) * 2
            >= least(length(a.name_tokens), length(b.name_tokens)) then 1
        else 0
    end
{%- endmacro %}
