{#-
    Hooks under which joins keep their sides as written: pairs stream past profiles. DuckDB would hash the pairs, which are narrow, and
    stream the profiles: of less than some 120,000 these are one task, and the thread that waits for it spins.
-#}
{% macro pairs_stream() %}
    {{ return("set disabled_optimizers = 'build_side_probe_side'") }}
{% endmacro %}

{% macro pairs_streamed() %}
    {{ return("set disabled_optimizers = ''") }}
{% endmacro %}
