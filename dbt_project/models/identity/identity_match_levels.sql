{#- The levels of the matching specification as a table, for training and for the names of levels. -#}
select told.* from (
    values
    {% for comparison in match_specification().comparisons -%}
    {%- set outer = loop -%}
    {%- for level in comparison.levels %}
    (
        '{{ comparison.field }}', {{ loop.index0 }}, '{{ level.name }}', {{ level.m }}::double, {{ level.u }}::double,
        {{ (level.term_frequency or level.strangers) is not none and (level.term_frequency or level.strangers) is defined }},
        {{ "'" ~ (level.above | join(' ')) ~ "'" if level.above else 'null' }}, '{{ level.text | replace("'", "''") }}'
    ){% if not (outer.last and loop.last) %},{% endif %}
    {%- endfor -%}
    {%- endfor %}
    {%- if not execute %}('', 0, '', 0::double, 0::double, false, null, ''){% endif %}
) as told (field, level, label, m_default, u_default, is_exact, above, description)
