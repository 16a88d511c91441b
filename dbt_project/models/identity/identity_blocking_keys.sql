{#- The variables replace the rules where something is measured with other ones (benchmarks/identity/speed.py). -#}
{%- set rules, list_rules = var('blocking_rules', none), var('blocking_list_rules', none) -%}
{%- set rules = rules if rules is mapping else blocking_rules() -%}
{%- set list_rules = list_rules if list_rules is mapping else blocking_list_rules() -%}
with profiles as (
    select
        *,
        -- every pair of words of the whole name, the words of a pair in order, so that order and missing words don't matter
        flatten(list_transform(
            name_tokens,
            lambda x: list_transform(list_filter(name_tokens, lambda y: y > x), lambda y: x || '+' || y)
        )) as token_pairs
    from {{ ref('identity_profiles') }}
),

keys as (
    {% for rule, expression in rules.items() %}
    select
        profile_no,
        entity_type,
        '{{ rule }}' as rule,
        {{ expression }} as key_text
    from profiles
    {% if not loop.last %}union all{% endif %}
    {% endfor %}
    {% for rule, expression in list_rules.items() %}
    union all
    select
        profile_no,
        entity_type,
        '{{ rule }}' as rule,
        unnest({{ expression }}) as key_text
    from profiles
    {% endfor %}
)

select distinct
    profile_no,
    entity_type,
    rule,
    -- a short key: a collision only adds a pair to compare, it never merges anything
    md5_number_lower(entity_type || rule || key_text) as key_hash
from keys
where key_text is not null and key_text <> ''
