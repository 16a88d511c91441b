{#- The parts of an address as delivered. -#}
{% macro address_columns() %}
    {{ return([
        'address', 'house_number', 'street', 'address_line_2', 'district', 'city', 'province', 'postcode', 'country',
        'default_country',
    ]) }}
{% endmacro %}

{#- Those of them that say where somebody lives, beyond the country. -#}
{% macro address_parts() %}
    {{ return(address_columns()[:8]) }}
{% endmacro %}

{#- The parts of a name as delivered. -#}
{% macro name_columns() %}
    {{ return(['full_name', 'family_name', 'given_name', 'middle_name', 'native_name']) }}
{% endmacro %}
