{#-
    What is told of an organisation: canonical field -> part of the view, and the family of functions/lists/coded_values.csv that
    reads it. A share of the market comes as a number (macro share_band).
-#}
{% macro organisation_aspects() %}
    {{ return({
        'market_area': ('profile', 'market_area'), 'sales_ability': ('profile', 'level'),
        'market_potential': ('profile', 'level'), 'business_philosophy': ('profile', 'business_philosophy'),
        'business_direction': ('profile', 'business_direction'), 'business_policy': ('profile', 'business_policy'),
        'business_traits': ('profile', 'business_traits'),
        'business_results': ('status', 'trend'), 'market_share': ('status', 'market_share'),
        'competitiveness': ('status', 'level'), 'market_position': ('status', 'market_position'),
        'competitor_relation': ('status', 'competitor_relation'), 'relation_to_us': ('status', 'relation_to_us'),
        'status': ('status', 'registration_status'),
        'business_activity': ('trading', 'level'), 'business_problems': ('trading', 'business_problems'),
        'business_strategy': ('trading', 'business_strategy'), 'business_outlook': ('trading', 'trend'),
        'public_image': ('trading', 'level'), 'reputation': ('trading', 'level'),
        'financial_state': ('trading', 'financial_state'),
        'credit_status': ('credit', 'credit_status'),
    }) }}
{% endmacro %}

{#- Percent of a market -> band; outside of 0 to 100 it is none. -#}
{% macro share_band(percent) -%}
    case
        when {{ percent }} between 0 and 100 then
            case when {{ percent }} < 5 then 'under_5' when {{ percent }} < 20 then 'from_5_to_20' else 'over_20' end
    end
{%- endmacro %}
