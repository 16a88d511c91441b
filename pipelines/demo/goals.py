"""The goals that a demo's teams have set themselves, as files of the home; their days stand around the demo's own."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

_FILES = {
    "crm": """\
# What the team has set itself; `ucv check` tells of mistakes, the table goal_progress how far it is.
team: CRM
goals:
  - key: repurchase_by_email
    name: "+20 % repeat buyers by e-mail"
    metric: repeat_customers
    channel: email
    starts_on: {half_before}
    due_on: {half_after}
    baseline: previous_year
    target: +20%
  - key: half_of_them_respond
    name: Every second customer who is sent a campaign responds
    metric: response_rate
    starts_on: {half_before}
    due_on: {half_after}
    baseline: previous_period
    target: 0.5
  - key: fewer_complaints
    name: A tenth fewer customers complain than a year before
    metric: complaints
    starts_on: {half_before}
    due_on: {yesterday}
    baseline: previous_year
    target: -10%
""",
    "sales": """\
team: Sales
goals:
  - key: store_sales
    name: "+5 % sales in the stores"
    metric: sales
    unit: money
    channel: store
    starts_on: {half_before}
    due_on: {yesterday}
    baseline: previous_period
    target: +5%
  - key: buyers_come_back
    name: Three of four buyers have bought before
    metric: repurchase_rate
    starts_on: {half_before}
    due_on: {half_after}
    baseline: previous_period
    target: 0.75
  - key: new_app_customers
    name: 500 new customers in the app
    metric: new_customers
    channel: app
    starts_on: {tomorrow}
    due_on: {half_after}
    baseline: 0
    target: 500
""",
}


def install_goals(home: Path, as_of: date) -> None:
    """Write the goals around `as_of` into a home that has no such file yet; what is there stays as it is."""
    days = {
        "half_before": as_of - timedelta(days=182),
        "yesterday": as_of - timedelta(days=1),
        "tomorrow": as_of + timedelta(days=1),
        "half_after": as_of + timedelta(days=182),
    }
    folder = home / "goals"
    folder.mkdir(parents=True, exist_ok=True)
    for team, text in _FILES.items():
        path = folder / f"{team}.yml"
        if not path.exists():
            path.write_text(text.format(**days), encoding="utf-8")
