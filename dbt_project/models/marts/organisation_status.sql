{#- Statements that have no date cannot be placed in a history, and are left out. -#}
select
    organisation_ref,
    part,
    aspect,
    code,
    label_english,
    label_chinese,
    source_system,
    record_id,
    stated_on as valid_from,
    lead(stated_on) over (partition by organisation_ref, aspect order by stated_on) as valid_to,
    lead(stated_on) over (partition by organisation_ref, aspect order by stated_on) is null as is_current
from {{ ref('organisation_statements') }}
where part in ('status', 'trading') and stated_on is not null
