{#-
    A given name in latin letters that is no pinyin beside a family name that is (Kevin Wang): who bears it may be called anything in
    hanzi.
-#}
{% macro western_given_name(family='family_latin', given='given_latin', script='name_script') -%}
    (
        coalesce({{ script }}, '') <> 'han'
        and {{ is_pinyin(family, 2) }}
        and not {{ is_pinyin(given, 3) }}
    )
{%- endmacro %}

{#- One to `most` syllables of pinyin and nothing else. -#}
{% macro is_pinyin(text, most) -%}
    regexp_full_match({{ text }}, '({{ match_specification().patterns.pinyin }}){1,{{ most }}}')
{%- endmacro %}
