"""The goals of a home as a table that dbt reads: `memory.raw.goals`, one row per goal that can be used."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from pipelines.contracts.source_table import Value, sql_literal
from pipelines.goals.document import Goal, load_goals
from pipelines.goals.metrics import METRICS

if TYPE_CHECKING:
    import duckdb

GOAL_COLUMNS = {
    "goal_key": "VARCHAR",
    "team": "VARCHAR",
    "goal_name": "VARCHAR",
    "metric": "VARCHAR",
    "unit": "VARCHAR",
    "subject": "VARCHAR",
    "is_rate": "BOOLEAN",
    "channel": "VARCHAR",
    "segment": "VARCHAR",
    "starts_on": "DATE",
    "due_on": "DATE",
    "baseline_rule": "VARCHAR",
    "fixed_baseline": "DOUBLE",
    "fixed_target": "DOUBLE",
    "target_change": "DOUBLE",
}


def create_goal_table(conn: duckdb.DuckDBPyConnection, home: Path) -> None:
    """(Re)create `memory.raw.goals` on the connection; broken goals are left out, which `check_goals` tells before a night."""
    columns = ", ".join(f"{name} {kind}" for name, kind in GOAL_COLUMNS.items())
    conn.execute("CREATE SCHEMA IF NOT EXISTS memory.raw")
    conn.execute(f"CREATE OR REPLACE TABLE memory.raw.goals ({columns})")
    rows = [", ".join(map(sql_literal, goal_row(goal).values())) for goal in load_goals(home).goals]
    if rows:
        conn.execute(f"INSERT INTO memory.raw.goals VALUES {', '.join(f'({row})' for row in rows)}")


def goal_row(goal: Goal) -> dict[str, Value]:
    """One goal as a row of `GOAL_COLUMNS`."""
    metric = METRICS[goal.metric]
    return {
        "goal_key": goal.key,
        "team": goal.team,
        "goal_name": goal.name,
        "metric": goal.metric,
        "unit": metric.unit,
        "subject": metric.subject,
        "is_rate": metric.is_rate,
        "channel": goal.channel,
        "segment": goal.segment,
        "starts_on": goal.starts_on,
        "due_on": goal.due_on,
        "baseline_rule": goal.baseline_rule,
        "fixed_baseline": goal.baseline,
        "fixed_target": goal.target,
        "target_change": goal.change,
    }
