"""Purchase behaviour: when, how often and for how much customers buy, and whether they come back."""

from __future__ import annotations

from pipelines.report.blocks import (
    COUNT,
    MONEY,
    NUMBER,
    PEOPLE,
    QUARTER,
    SHARE,
    WORD,
    Block,
    Column,
    Heat,
    PublishedTables,
    Section,
)

RFM = Block(
    "rfm",
    """
select
    recency,
    frequency,
    count(*) as customers,
    avg(net_value)::decimal(38, 2) as mean_value
from customer_rfm
group by all
order by recency desc, frequency
""",
    ("customer_rfm",),
    (
        Column("recency", COUNT),
        Column("frequency", COUNT),
        Column("customers", PEOPLE),
        Column("mean_value", MONEY, of="customers"),
    ),
    heat=Heat("recency", "frequency", "customers", "customers"),
    partition="customers",
)

SEGMENTS = Block(
    "segments",
    """
select
    segment,
    count(*) as customers,
    sum(net_value) as net_value,
    (sum(net_value) / nullif(sum(sum(net_value)) over (), 0))::decimal(18, 4) as value_share,
    avg(order_count)::decimal(18, 1) as mean_orders,
    median(days_since_order)::integer as median_days
from customer_rfm
group by segment
order by net_value desc, segment
""",
    ("customer_rfm",),
    (
        Column("segment", WORD, "segment"),
        Column("customers", PEOPLE, is_bar=True),
        Column("net_value", MONEY, of="customers"),
        Column("value_share", SHARE, of="customers", is_bar=True),
        Column("mean_orders", NUMBER, of="customers"),
        Column("median_days", COUNT, of="customers"),
    ),
    partition="customers",
)


def cohorts(as_of: str) -> Block:
    """By quarter of the first order, of the last three years: whoever bought in a later quarter again."""
    return Block(
        "cohorts",
        f"""
with quarters as (
    select distinct
        customer_id,
        date_trunc('quarter', ordered_at)::date as quarter
    from fct_orders
    where customer_id is not null and not is_return and ordered_at::date <= date '{as_of}'
),

firsts as (
    select
        customer_id,
        min(quarter) as cohort
    from quarters
    group by customer_id
),

sizes as (
    select
        cohort,
        count(*) as cohort_customers
    from firsts
    where cohort >= date_trunc('quarter', date '{as_of}') - interval 33 month
    group by cohort
),

later as (
    select
        cohort,
        cohort_customers,
        unnest(range(1, date_diff('quarter', cohort, date '{as_of}') + 1))::integer as quarters_since
    from sizes
)

select
    later.cohort,
    later.quarters_since,
    any_value(later.cohort_customers) as cohort_customers,
    count(quarters.customer_id) as buying_customers,
    (count(quarters.customer_id) / any_value(later.cohort_customers))::decimal(18, 4) as retention
from later
inner join firsts on later.cohort = firsts.cohort
left join quarters
    on
        firsts.customer_id = quarters.customer_id
        and quarters.quarter = later.cohort + to_months(3 * later.quarters_since)
group by all
order by later.cohort, later.quarters_since
""",
        ("fct_orders",),
        (
            Column("cohort", QUARTER),
            Column("quarters_since", COUNT),
            Column("cohort_customers", PEOPLE),
            Column("buying_customers", PEOPLE),
            Column("retention", SHARE, of="cohort_customers,buying_customers"),
        ),
        heat=Heat("cohort", "quarters_since", "retention", "buying_customers", "cohort_customers"),
    )


def sections(tables: PublishedTables) -> tuple[Section, ...]:
    return (Section("behaviour", (RFM, SEGMENTS)), Section("cohort", (cohorts(tables.as_of),)))
