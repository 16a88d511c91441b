{#- Band of age on the as-of date. -#}
{% macro age_band(birth_date) -%}
    case
        when date_sub('year', {{ birth_date }}, {{ as_of_date() }}) < 18 then '0-17'
        when date_sub('year', {{ birth_date }}, {{ as_of_date() }}) < 25 then '18-24'
        when date_sub('year', {{ birth_date }}, {{ as_of_date() }}) < 35 then '25-34'
        when date_sub('year', {{ birth_date }}, {{ as_of_date() }}) < 45 then '35-44'
        when date_sub('year', {{ birth_date }}, {{ as_of_date() }}) < 55 then '45-54'
        when date_sub('year', {{ birth_date }}, {{ as_of_date() }}) < 65 then '55-64'
        when {{ birth_date }} is not null then '65+'
    end
{%- endmacro %}
