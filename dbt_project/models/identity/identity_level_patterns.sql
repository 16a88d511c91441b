{#- What stewards judged is known in training: such pairs are counted apart. Random pairs stand for the population as it is. Only
    training needs them: elsewhere it stays empty. -#}
{{ config(pre_hook=pairs_stream(), post_hook=pairs_streamed()) }}
{%- set samples = {'candidate': 'identity_comparisons', 'random': 'identity_random_comparisons'} -%}
with untrained as (
    {{ untrained() }}
),

judged as (
    select
        profile_a,
        profile_b,
        bool_and(verdict = 'must_link') as is_match
    from {{ ref('identity_verdicts') }}
    group by profile_a, profile_b
    -- records that read the same may have been judged one by one, and not all alike
    having min(verdict) = max(verdict)
)

{% for sample, model in samples.items() %}
select
    '{{ sample }}' as sample,
    pairs.entity_type,
    {{ 'judged.is_match' if sample == 'candidate' else 'null::boolean' }} as is_match,
    {% for field in match_fields() -%}
    pairs.{{ field }}_level,
    {% endfor -%}
    {% for guard in match_specification().guards -%}
    {{ match_fact(guard.when) }} as {{ guard.name }}_guard,
    {% endfor -%}
    {% for relief in match_specification().reliefs -%}
    {{ match_fact(relief.pairs) }} as {{ relief.name }}_relief,
    {{ match_fact(relief.among) }} as {{ relief.name }}_among,
    {% endfor -%}
    count(*) as pair_count
from {{ ref(model) }} as pairs
cross join untrained
{% if sample == 'candidate' -%}
left join judged on pairs.profile_a = judged.profile_a and pairs.profile_b = judged.profile_b
{% endif -%}
where untrained.level_count > 0
group by all
{% if not loop.last %}union all{% endif %}
{% endfor %}
