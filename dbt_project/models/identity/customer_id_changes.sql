{#- Ids of the last published version that no record carries any more, with the id that took most of their records. -#}
with held as (
    select
        previous_customer_id as customer_id,
        customer_id as successor_id,
        count(*) as record_count
    from {{ ref('resolved') }}
    where previous_customer_id is not null
    group by previous_customer_id, customer_id
),

alive as (
    select distinct customer_id
    from {{ ref('resolved') }}
),

published as (
    select distinct customer_id
    from {{ source('state', 'identity_assignments') }}
),

ranked as (
    select
        held.customer_id,
        held.successor_id,
        row_number() over (
            partition by held.customer_id order by held.record_count desc, held.successor_id
        ) as place
    from held
)

select
    published.customer_id,
    ranked.successor_id,
    case when ranked.successor_id is null then 'no_records' else 'merged' end as reason,
    {{ as_of_date() }} as at_date
from published
left join alive on published.customer_id = alive.customer_id
left join ranked on published.customer_id = ranked.customer_id and ranked.place = 1
left join {{ source('state', 'identity_successors') }} as known on published.customer_id = known.customer_id
where
    alive.customer_id is null
    and (known.customer_id is null or known.successor_id is distinct from ranked.successor_id)
