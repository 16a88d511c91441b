with recursive changed as (
    select * from {{ ref('customer_id_changes') }}
),

known as (
    select * from {{ source('state', 'identity_successors') }}
),

retired as (
    select
        customer_id,
        successor_id,
        reason,
        at_date
    from changed

    union all

    select
        known.customer_id,
        known.successor_id,
        known.reason,
        known.at_date
    from known
    left join changed on known.customer_id = changed.customer_id
    where changed.customer_id is null
),

alive as (
    select distinct customer_id
    from {{ ref('customer_xref') }}
),

-- a successor may be retired itself: follow the chain to an id that is alive today, and no further, since an id that
-- a split brought back keeps the entry of its former retirement
followed as (
    select
        customer_id,
        successor_id,
        1 as steps
    from retired

    union all

    select
        followed.customer_id,
        retired.successor_id,
        followed.steps + 1
    from followed
    inner join retired on followed.successor_id = retired.customer_id
    where
        followed.steps < 1000
        and followed.successor_id not in (select alive.customer_id from alive)
),

latest as (
    select
        customer_id,
        arg_max(coalesce(successor_id, ''), steps) as successor_id
    from followed
    group by customer_id
)

select
    retired.customer_id,
    nullif(latest.successor_id, '') as successor_id,
    retired.reason,
    retired.at_date as "at"
from retired
inner join latest on retired.customer_id = latest.customer_id
left join alive on retired.customer_id = alive.customer_id
where alive.customer_id is null
