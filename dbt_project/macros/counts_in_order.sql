{#-
    Counts of a group (below 2^40) as a list in the order of `place` (below 2^23). An aggregate with `order by` would sort each
    group on its own, at five times the cost: place and count are one number here, and a list of numbers is sorted.
-#}
{% macro counts_in_order(count, place) -%}
    list_transform(list_sort(list(({{ place }}::bigint << 40) + {{ count }})), lambda one: one & 1099511627775)
{%- endmacro %}
