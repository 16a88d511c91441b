{#- Lasting traits: the latest statement of each, an undated one only where there is no other. -#}
select
    organisation_ref,
    aspect,
    code,
    label_english,
    label_chinese,
    source_system,
    record_id,
    stated_on
from {{ ref('organisation_statements') }}
where part = 'profile'
qualify row_number() over (
    partition by organisation_ref, aspect
    order by stated_on desc nulls last
) = 1
