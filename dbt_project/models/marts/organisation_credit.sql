{#- Apart from other states, so that a role may be given those without this. Only of sources with a recorded legal basis. -#}
select
    organisation_ref,
    code as credit_status,
    label_english as credit_label_english,
    label_chinese as credit_label_chinese,
    source_system,
    record_id,
    legal_basis,
    stated_on as valid_from,
    lead(stated_on) over (partition by organisation_ref order by stated_on) as valid_to,
    lead(stated_on) over (partition by organisation_ref order by stated_on) is null as is_current
from {{ ref('organisation_statements') }}
where part = 'credit' and stated_on is not null
