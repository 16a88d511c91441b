{#-
    Every blocking key of every profile as text: profile_no, entity_type, rule, key_text. `profiles` names a relation with the
    columns of identity_profiles. The variable replaces the rules where something is measured with other ones
    (benchmarks/identity/speed.py).
-#}
{% macro blocking_key_texts(profiles) -%}
{%- set given = var('blocking_rules', none) -%}
{%- set rules = given if given is not none else match_specification().blocking -%}
with paired as (
    select
        *,
        -- every pair of words of the whole name, the words of a pair in order, so that order and missing words don't matter
        flatten(list_transform(
            name_tokens,
            lambda x: list_transform(list_filter(name_tokens, lambda y: y > x), lambda y: x || '+' || y)
        )) as token_pairs,
        flatten(list_transform(
            organisation_words,
            lambda x: list_transform(list_filter(organisation_words, lambda y: y > x), lambda y: x || '+' || y)
        )) as firm_word_pairs
    from {{ profiles }}
)

{% for rule in rules %}
-- a key of its own is one for each profile; elements of a list may repeat, and so may what two columns say
select {{ '' if rule.key and not rule.of else 'distinct' }}
    profile_no,
    entity_type,
    '{{ rule.rule }}' as rule,
    {% if rule.of -%}
    {%- set each = [] -%}
    {%- for place in rule.of -%}{%- do each.append((rule.key or rule['keys']) | replace('{place}', place)) -%}{%- endfor -%}
    unnest({{ '[' ~ each | join(', ') ~ ']' if rule.key else 'flatten([' ~ each | join(', ') ~ '])' }}) as key_text
    {%- else -%}
    {{ rule.key if rule.key else 'unnest(' ~ rule['keys'] ~ ')' }} as key_text
    {%- endif %}
from paired
{% if not loop.last %}union all{% endif %}
{% endfor %}
{%- if not rules %}select profile_no, entity_type, '' as rule, '' as key_text from paired{% endif %}
{%- endmacro %}

{#- A short key: a collision only adds a pair to compare, it never merges anything. -#}
{% macro blocking_key_hash() -%}
{{ md5_upper_half("entity_type || rule || key_text") }}
{%- endmacro %}
