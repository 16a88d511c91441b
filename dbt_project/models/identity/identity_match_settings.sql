{#- The settings of the matching specification as a table, for the models in Python and for who explains a build later. -#}
select told.* from (
    values
    {% for name, setting in match_specification().settings.items() %}
    ('{{ name }}', {{ setting.value }}::double){% if not loop.last %},{% endif %}
    {%- endfor %}
    {%- if not execute %}('', 0::double){% endif %}
) as told (setting, value)
