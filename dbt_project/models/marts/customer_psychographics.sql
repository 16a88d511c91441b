{#-
    Of several statements of one code the latest counts. Who refused profiling is not there, nor what sources for matching only
    or ended terms said.
-#}
with stated as (
    select
        xref.customer_id,
        statements.*
    from {{ ref('psychographic_statements') }} as statements
    inner join {{ ref('customer_xref') }} as xref on statements.record_id = xref.record_id
    where
        statements.code is not null
        and coalesce(statements.stated_at::date <= {{ as_of_date() }}, true)
        and statements.source_system in ({{ told_sources() }})
        and xref.customer_id not in (select refused.customer_id from {{ ref('refused_profiling') }} as refused)
),

latest as (
    select *
    from stated
    qualify row_number() over (
        partition by customer_id, code_system, attribute, code
        order by stated_at desc nulls last, record_id asc
    ) = 1
)

select
    latest.customer_id,
    latest.attribute,
    latest.code,
    labels.english as label_english,
    labels.chinese as label_chinese,
    latest.code_system,
    latest.source_system,
    latest.record_id,
    latest.stated_at,
    latest.expires_on,
    -- what nobody dated is not known to hold
    coalesce(latest.expires_on > {{ as_of_date() }}, false) as is_current
from latest
left join {{ ref('code_labels') }} as labels on latest.code = labels.code and labels.code_system = 'psychographic'
