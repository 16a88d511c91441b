"""Campaigns against their hold-outs, and goals of teams against what came of them."""

from __future__ import annotations

from pipelines.report.blocks import (
    DAY,
    MONEY,
    NUMBER,
    PEOPLE,
    POINTS,
    SHARE,
    TEXT,
    WORD,
    Block,
    Column,
    Interval,
    Section,
)

# What was counted in a group is a figure of the group; a group of fewer than five is not told of at all.
CAMPAIGNS = Block(
    "campaigns",
    """
select
    campaign_id,
    first_send_at::date as first_send_on,
    sent_customers,
    responding_customers,
    buying_customers,
    conversion,
    holdout_customers,
    lift as lift_points,
    lift_low as low_points,
    lift_high as high_points,
    linear_value
from campaign_summary
order by first_send_at desc nulls last, campaign_id
limit 50
""",
    ("campaign_summary",),
    (
        Column("campaign_id", TEXT),
        Column("first_send_on", DAY),
        Column("sent_customers", PEOPLE),
        Column("responding_customers", PEOPLE, of="sent_customers"),
        Column("buying_customers", PEOPLE, of="sent_customers"),
        Column("conversion", SHARE, of="sent_customers,buying_customers"),
        Column("holdout_customers", PEOPLE),
        Column("lift_points", POINTS, of="sent_customers,holdout_customers"),
        Column("low_points", POINTS, of="sent_customers,holdout_customers"),
        Column("high_points", POINTS, of="sent_customers,holdout_customers"),
        Column("linear_value", MONEY, of="sent_customers,buying_customers"),
    ),
    interval=Interval("lift_points", "low_points", "high_points"),
)

GOALS = Block(
    "goals",
    """
select
    team,
    goal_name,
    metric,
    channel,
    due_on,
    case unit when 'share' then 100 * baseline else baseline end as baseline,
    case unit when 'share' then 100 * target else target end as target,
    case unit when 'share' then 100 * actual else actual end as actual,
    unit,
    progress,
    status,
    case unit when 'customers' then round(baseline)::integer end as customers_before,
    case unit when 'customers' then round(actual)::integer end as customers_now
from goal_progress
order by team, due_on, goal_name
""",
    ("goal_progress",),
    (
        Column("team", WORD, "team"),
        Column("goal_name", TEXT),
        Column("metric", WORD, "metric"),
        Column("channel", WORD, "channel"),
        Column("due_on", DAY),
        Column("baseline", NUMBER, of="customers_before"),
        Column("target", NUMBER),
        Column("actual", NUMBER, of="customers_now"),
        Column("unit", WORD, "unit"),
        Column("progress", SHARE, of="customers_before,customers_now", is_bar=True),
        Column("status", WORD, "goal_status"),
        Column("customers_before", PEOPLE, is_hidden=True),
        Column("customers_now", PEOPLE, is_hidden=True),
    ),
    is_optional=True,
)

SECTIONS = (Section("campaigns", (CAMPAIGNS,)), Section("goals", (GOALS,)))
