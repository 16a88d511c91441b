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
    {% for rule, expression in blocking_rules().items() %}
    select
        profile_no,
        entity_type,
        '{{ rule }}' as rule,
        {{ expression }} as key_text
    from profiles
    union all
    {% endfor %}
    {% for rule, expression in blocking_list_rules().items() %}
    select
        profile_no,
        entity_type,
        '{{ rule }}' as rule,
        unnest({{ expression }}) as key_text
    from profiles
    {% if not loop.last %}union all{% endif %}
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
