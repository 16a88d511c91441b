{#- The columns of a further address, a line in one column, in the places of `address_columns`. -#}
{% macro further_address_key(column) -%}
    {{ value_key([column] + ['null::varchar'] * 8 + ['default_country']) }}
{%- endmacro %}

{#- An address as values of it are compared: from the province to the room. -#}
{% macro address_value(of=none) -%}
    {%- set at = of ~ '.' if of else '' -%}
    concat_ws(' ', {{ at }}province, nullif({{ at }}city, {{ at }}province), {{ at }}district, {{ at }}address_line, {{ at }}postcode)
{%- endmacro %}
