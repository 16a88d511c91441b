"""Goals as written: files `goals/*.yml` of a home, one per team; every mistake is told with its line and what to do."""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from pipelines.contracts.document import read_document
from pipelines.contracts.problems import Findings, Place, Problem, shown
from pipelines.contracts.render import format_problems
from pipelines.contracts.vocabularies import CHANNELS, EXPORT_CHANNELS
from pipelines.errors import SettingsError
from pipelines.goals.fields import NEEDED, Fields
from pipelines.goals.metrics import METRICS
from pipelines.settings import DBT_PROJECT_DIR

FOLDER = "goals"
_KEY = re.compile(r"[a-z0-9][a-z0-9_]{0,63}")
_CHANNELS = CHANNELS | EXPORT_CHANNELS - {"any"}


class GoalError(SettingsError):
    """A file of goals is broken: nothing was started (exit 2)."""


@dataclass(frozen=True)
class Goal:
    """One goal. `baseline` is a number where the rule is `fixed`; `target` is a number, `change` a share of the baseline: one is None."""

    key: str
    team: str
    name: str
    metric: str
    channel: str | None
    segment: str | None
    starts_on: date
    due_on: date
    baseline_rule: str
    baseline: float | None
    target: float | None
    change: float | None


@dataclass(frozen=True)
class GoalSet:
    """The goals that can be used, sorted by key, and what is wrong with the others."""

    goals: tuple[Goal, ...]
    problems: tuple[Problem, ...]


def check_goals(home: Path) -> None:
    """Raises GoalError that lists every mistake in the goals of `home`."""
    problems = load_goals(home).problems
    if problems:
        raise GoalError(f"Goals that cannot be used; nothing was started.\n{format_problems(problems)}")


def load_goals(home: Path) -> GoalSet:
    """Every goal of `home`; a broken one is left out and told. No folder, no goals."""
    found: dict[str, Goal] = {}
    problems: list[Problem] = []
    for path in sorted((home / FOLDER).glob("*.y*ml")):
        values, findings = read_document(path, "the keys team and goals", "Write a list below `goals:`")
        for place, goal in _goals_of(values, findings):
            if goal.key in found:
                findings.add((*place, "key"), goal.key, "a key that no other goal has", "Choose another key")
            else:
                found[goal.key] = goal
        problems.extend(findings.problems)
    return GoalSet(tuple(found[key] for key in sorted(found)), tuple(problems))


def _goals_of(values: dict[str, object], findings: Findings) -> list[tuple[Place, Goal]]:
    for key in values.keys() - {"team", "goals"}:
        findings.unknown((key,), key, "one of the keys", ("team", "goals"))
    listed = values.get("goals")
    if not isinstance(listed, list):
        if values:
            findings.add(("goals",), shown(listed), "a list of goals", "Begin each goal with `- key: …`")
        return []
    team = values.get("team", findings.file.stem)
    if not isinstance(team, str) or not team:
        findings.add(("team",), shown(team), "the name of the team", "Write it as text")
        return []
    read = [
        (("goals", number), _goal(one, team, ("goals", number), findings))
        for number, one in enumerate(listed)
    ]
    return [(place, goal) for place, goal in read if goal is not None]


def _goal(written: object, team: str, place: Place, findings: Findings) -> Goal | None:
    if not isinstance(written, dict):
        findings.add(place, shown(written), f"the keys {', '.join(NEEDED)}", "Write them below `- key: …`")
        return None
    fields = Fields(written, place, findings)
    key, metric = (
        fields.matching("key", _KEY, "small letters, digits and _"),
        fields.one_of("metric", METRICS),
    )
    starts_on, due_on = fields.day("starts_on"), fields.day("due_on")
    if starts_on and due_on and due_on < starts_on:
        fields.fault("due_on", f"a day from {starts_on} on", "Let the goal end after it begins")
    if metric and "unit" in written:
        fields.one_of("unit", (METRICS[metric].unit,))
    rule, baseline = fields.baseline(metric)
    target, change = fields.target(metric)
    name = fields.text("name")
    channel = fields.one_of("channel", _CHANNELS) if "channel" in written else None
    segment = fields.one_of("segment", segments()) if "segment" in written else None
    if fields.is_broken or not (key and metric and name and starts_on and due_on and rule):
        return None
    return Goal(key, team, name, metric, channel, segment, starts_on, due_on, rule, baseline, target, change)


@cache
def segments() -> frozenset[str]:
    """Names that marts.customer_rfm gives: those of the seed and `occasional` for all others."""
    with (DBT_PROJECT_DIR / "seeds" / "rfm_segments.csv").open(encoding="utf-8", newline="") as file:
        return frozenset(row["segment"] for row in csv.DictReader(file)) | {"occasional"}
