{#- The columns of a contact that a record may repeat, the most important first. -#}
{% macro email_columns() %}
    {{ return(['email', 'email_2', 'email_3']) }}
{% endmacro %}

{% macro phone_columns() %}
    {{ return(['phone', 'phone_2', 'phone_3']) }}
{% endmacro %}
