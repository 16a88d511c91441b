"""What customers are worth, and who stays."""

from __future__ import annotations

from pipelines.report.blocks import (
    COUNT,
    DAY,
    MONEY,
    NUMBER,
    PEOPLE,
    SHARE,
    TEXT,
    Block,
    Column,
    Lines,
    PublishedTables,
    Section,
)

VALUE = Block(
    "value",
    """
with ranked as (
    select
        total_value,
        ntile(10) over (order by total_value desc) as decile
    from customer_360
    where order_count > 0 and total_value > 0
)

select
    (decile * 10)::integer as best_percent,
    count(*) as customers,
    sum(total_value) as net_value,
    (sum(sum(total_value)) over (order by decile) / sum(sum(total_value)) over ())::decimal(18, 4) as cumulative_share
from ranked
group by decile
order by decile
""",
    ("customer_360",),
    (
        Column("best_percent", COUNT),
        Column("customers", PEOPLE),
        Column("net_value", MONEY, of="customers"),
        Column("cumulative_share", SHARE, of="customers"),
    ),
    lines=Lines("best_percent", ("cumulative_share",)),
)

ALIVE = Block(
    "alive",
    """
select
    (least(floor(probability_alive * 5), 4) * 20)::integer || '-' || (least(floor(probability_alive * 5), 4) * 20 + 20)::integer
        as chance_percent,
    count(*) as customers,
    sum(expected_orders)::decimal(18, 1) as expected_orders,
    sum(expected_value)::decimal(38, 2) as expected_value
from customer_lifetime_value
group by all
order by min(probability_alive) desc
""",
    ("customer_lifetime_value",),
    (
        Column("chance_percent", TEXT),
        Column("customers", PEOPLE, is_bar=True),
        Column("expected_orders", NUMBER, of="customers"),
        Column("expected_value", MONEY, of="customers"),
    ),
)


def churn(as_of: str) -> Block:
    """Customers by stage on the first of each of the last 24 months; nobody has two stages on one day."""
    return Block(
        "churn",
        f"""
with months as (
    select unnest(generate_series(
        date_trunc('month', date '{as_of}') - interval 23 month, date_trunc('month', date '{as_of}'), interval 1 month
    ))::date as month_begin
)

select
    months.month_begin,
    count(*) filter (where stage = 'new') as new_buyers,
    count(*) filter (where stage = 'active') as active_buyers,
    count(*) filter (where stage = 'sleeping') as sleeping_buyers,
    count(*) filter (where stage = 'lost') as lost_buyers,
    (count(*) filter (where stage = 'lost') / count(*))::decimal(18, 4) as lost_share
from months
inner join customer_lifecycle as stages
    on months.month_begin >= stages.valid_from and (stages.valid_to is null or months.month_begin < stages.valid_to)
where stages.stage <> 'prospect'
group by months.month_begin
order by months.month_begin
""",
        ("customer_lifecycle",),
        (
            Column("month_begin", DAY),
            Column("new_buyers", PEOPLE),
            Column("active_buyers", PEOPLE),
            Column("sleeping_buyers", PEOPLE),
            Column("lost_buyers", PEOPLE),
            Column("lost_share", SHARE, of="lost_buyers"),
        ),
        lines=Lines("month_begin", ("new_buyers", "active_buyers", "sleeping_buyers", "lost_buyers")),
    )


def sections(tables: PublishedTables) -> tuple[Section, ...]:
    return (Section("worth", (VALUE, ALIVE, churn(tables.as_of))),)
