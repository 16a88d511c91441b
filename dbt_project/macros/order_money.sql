{#- The amount of a transaction line: as delivered, else its price times how many. A product too large for money is none. -#}
{% macro line_amount(alias=none) -%}
    {%- set at = alias ~ '.' if alias else '' -%}
    coalesce({{ at }}amount, try_cast({{ at }}unit_price * coalesce({{ at }}quantity, 1) as decimal(18, 4)))
{%- endmacro %}

{#-
    An amount of an order from its lines, in an aggregation by order. Some systems write it on the first line, some its part
    on each, some the whole on each: it is the order's own where all lines carry the same beside the same total.
-#}
{% macro order_amount(column) %}
    case
        when
            count(*) > 1 and count(order_total) = count(*) and min(order_total) = max(order_total)
            and count({{ column }}) = count(*) and min({{ column }}) = max({{ column }})
            then max({{ column }})
        else sum({{ column }})
    end
{%- endmacro %}

{#-
    By how much an order's total differs from what its lines add up to: the smallest difference, without sign, of the
    readings that there are (shipping and tax in the total or not, discount in the lines or not).
-#}
{% macro total_gap(total, lines, tax, shipping, discount) %}
    {%- set readings = [] -%}
    {%- for with_tax in [0, 1] -%}
        {%- for with_shipping in [0, 1] -%}
            {%- for with_discount in [0, 1] -%}
                {%- do readings.append(
                    'abs(' ~ total ~ ' - ' ~ lines ~ ' - ' ~ with_tax ~ ' * coalesce(' ~ tax ~ ', 0) - ' ~ with_shipping
                    ~ ' * coalesce(' ~ shipping ~ ', 0) + ' ~ with_discount ~ ' * abs(coalesce(' ~ discount ~ ', 0)))'
                ) -%}
            {%- endfor -%}
        {%- endfor -%}
    {%- endfor -%}
    least({{ readings | join(', ') }})
{%- endmacro %}
