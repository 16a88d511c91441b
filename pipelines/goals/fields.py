"""The fields of one goal as written, read one by one; what cannot be used is told at its place."""

from __future__ import annotations

import re
from collections.abc import Collection
from datetime import date

from pipelines.contracts.problems import Findings, Place, shown
from pipelines.goals.metrics import METRICS

KEYS = ("key", "name", "metric", "unit", "channel", "segment", "starts_on", "due_on", "baseline", "target")
NEEDED = ("key", "name", "metric", "starts_on", "due_on", "baseline", "target")
BASELINES = ("previous_period", "previous_year")
FIXED = "fixed"
_PERCENT = re.compile(r"([-+][0-9]{1,6}(?:\.[0-9]{1,4})?) ?%")


class Fields:
    """The fields of one goal, each read once; `is_broken` after the first that cannot be used."""

    def __init__(self, written: dict[str, object], place: Place, findings: Findings) -> None:
        self._written, self._place, self._findings = written, place, findings
        self.is_broken = False
        for name in written.keys() - set(KEYS):
            findings.unknown((*place, name), name, "one of the keys", KEYS)
            self.is_broken = True
        for name in NEEDED:
            if written.get(name) is None:
                self.fault(name, f"a goal with {', '.join(NEEDED)}", f"Write the line `{name}: …`")

    def fault(self, name: str, expected: str, remedy: str) -> None:
        self.is_broken = True
        self._findings.add((*self._place, name), shown(self._written.get(name)), expected, remedy)

    def text(self, name: str) -> str | None:
        value = self._written.get(name)
        if isinstance(value, str) and value.strip():
            return value.strip()
        self.fault(name, "some text", "Write it in quotes")
        return None

    def matching(self, name: str, pattern: re.Pattern[str], expected: str) -> str | None:
        value = str(self._written.get(name))
        if pattern.fullmatch(value):
            return value
        self.fault(name, expected, "Write a short name such as repurchase_by_email")
        return None

    def one_of(self, name: str, choices: Collection[str]) -> str | None:
        value, known = self._written.get(name), sorted(choices)
        if value in known:
            return str(value)
        if isinstance(value, str):
            self._findings.unknown((*self._place, name), value, name, known)
            self.is_broken = True
        else:
            self.fault(name, f"one of {', '.join(known)}", "Choose one of them")
        return None

    def day(self, name: str) -> date | None:
        try:
            return date.fromisoformat(str(self._written.get(name)))
        except ValueError:
            self.fault(name, "a day such as 2026-12-31", "Write year-month-day")
            return None

    def baseline(self, metric: str | None) -> tuple[str | None, float | None]:
        value = self._written.get("baseline")
        if value in BASELINES:
            return str(value), None
        number = self._number("baseline", metric, f"{', '.join(BASELINES)} or a number")
        return FIXED, number

    def target(self, metric: str | None) -> tuple[float | None, float | None]:
        value = self._written.get("target")
        percent = _PERCENT.fullmatch(value) if isinstance(value, str) else None
        if percent:
            return None, float(percent[1]) / 100
        return self._number("target", metric, "a number, or a change of the baseline such as +20%"), None

    def _number(self, name: str, metric: str | None, expected: str) -> float | None:
        value = self._written.get(name)
        if isinstance(value, bool) or not isinstance(value, int | float):
            self.fault(name, expected, "Write one of these")
            return None
        if metric and METRICS[metric].is_rate and not 0 <= value <= 1:
            self.fault(name, f"a share from 0 to 1, since {metric} is one", "Write 0.3 for 30 %")
        return float(value)
