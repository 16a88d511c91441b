{#- A profile that reads as it did in the build before has the same keys. -#}
{%- set before = rows_before() -%}
with {% if before -%}
renewed as (  -- noqa: ST03
    select *
    from {{ ref('identity_profiles') }}
    where is_new
),

{% endif -%}
keys as (
    {{ blocking_key_texts('renewed' if before else ref('identity_profiles')) }}
)

select
    profile_no,
    entity_type,
    rule,
    {{ blocking_key_hash() }} as key_hash
from keys
where key_text is not null and key_text <> ''
{% if before %}
union all
select known.*
from {{ before }} as known
inner join {{ ref('identity_profiles') }} as profiles on known.profile_no = profiles.profile_no
where not profiles.is_new
{% endif %}
