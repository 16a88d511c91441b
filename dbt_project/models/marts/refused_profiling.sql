{#- Who refused decisions made by calculation (PIPL 24) is in no score and no prediction. Looked up, never published. -#}
{{ config(schema='marts_work', access='private') }}
select distinct customer_id
from {{ ref('consent_ledger') }}
where purpose = 'profiling' and verdict = 'refused' and is_in_force
