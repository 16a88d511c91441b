{#-
    The matching specification (models/identity/_match_specification.yml), as dbt holds it in the meta of a model. While dbt parses it
    is not known yet and everything made from it is empty; the same in a dbt unit test, which knows no other model.
-#}
{% macro match_specification() %}
    {% if execute and graph.nodes %}
        {{ return(graph.nodes['model.unified_customer_view.identity_match_levels'].config.meta.matching) }}
    {% endif %}
    {{ return({'patterns': {}, 'comparators': {}, 'comparisons': [], 'facts': {}, 'guards': [], 'reliefs': [], 'blocking': [], 'settings': {}}) }}
{% endmacro %}

{#- Names of the compared fields, in the order of the specification. -#}
{% macro match_fields() %}
    {{ return(match_specification().comparisons | map(attribute='field') | list) }}
{% endmacro %}

{#- One value of `settings`. -#}
{% macro match_setting(name) -%}
    {%- set settings = match_specification().settings -%}
    {%- if execute and name not in settings -%}
        {{ exceptions.raise_compiler_error("_match_specification.yml: setting " ~ name ~ " is used by a macro and not there") }}
    {%- endif -%}
    {{ settings[name].value if execute else 0 }}
{%- endmacro %}

{#- Level numbers of a comparison by name: the weakest is 0. -#}
{% macro level_numbers(comparison) %}
    {% set numbers = {} %}
    {% for level in comparison.levels %}{% do numbers.update({level.name: loop.index0}) %}{% endfor %}
    {{ return(numbers) }}
{% endmacro %}

{#- The comparison of a field; an unknown field is refused where it is named. -#}
{% macro match_comparison(field) %}
    {% for comparison in match_specification().comparisons if comparison.field == field %}
        {{ return(comparison) }}
    {% endfor %}
    {{ exceptions.raise_compiler_error("_match_specification.yml: field " ~ field ~ " is named and has no comparison") }}
{% endmacro %}
