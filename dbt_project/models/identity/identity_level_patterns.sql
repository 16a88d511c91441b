{%- set samples = {'candidate': 'identity_comparisons', 'random': 'identity_random_comparisons'} -%}
{%- for sample, model in samples.items() %}
select
    '{{ sample }}' as sample,
    entity_type,
    {% for field in match_fields() -%}
    {{ field }}_level,
    {% endfor -%}
    count(*) as pair_count
from {{ ref(model) }}
group by all
{% if not loop.last %}union all{% endif %}
{% endfor %}
