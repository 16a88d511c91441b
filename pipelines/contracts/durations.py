"""Durations in contracts, and the service levels that are made of them."""

from __future__ import annotations

import re

from pipelines.contracts.columns import Table
from pipelines.contracts.customs import Customs, Node, is_number, mappings
from pipelines.contracts.model import Sla
from pipelines.contracts.problems import Findings, Place, shown
from pipelines.contracts.vocabularies import SEVERITIES

HOURS = {"min": 1 / 60, "h": 1.0, "d": 24.0, "w": 24.0 * 7, "m": 24.0 * 30, "y": 24.0 * 365}
"""Hours of a unit. A month counts 30 days and a year 365: no retention outlasts what was agreed."""

_UNIT_WORDS = {
    **{unit: unit for unit in HOURS},
    **dict.fromkeys(("minute", "minutes"), "min"),
    **dict.fromkeys(("hour", "hours"), "h"),
    **dict.fromkeys(("day", "days"), "d"),
    **dict.fromkeys(("week", "weeks"), "w"),
    **dict.fromkeys(("month", "months"), "m"),
    **dict.fromkeys(("year", "years", "yr"), "y"),
}
_USED = ("frequency", "latency", "retention")
_NOTED = (
    "generalAvailability",
    "endOfSupport",
    "endOfLife",
    "availability",
    "throughput",
    "errorRate",
    "timeOfAvailability",
    "timeToDetect",
    "timeToNotify",
    "timeToRepair",
)
"""Service levels of the standard that a contract may state and that nothing here acts on."""

_LONGEST_HOURS = HOURS["y"] * 100
_DEFAULT_LANDING_DAYS = 7
DEFAULT_SEVERITY = "warn"


def read_sla(values: Node, customs: Customs, table: Table | None, findings: Findings) -> Sla:
    """Frequency, latency and retention of `slaProperties`, and the custom property `freshnessSeverity`."""
    hours: dict[str, float | None] = {}
    latency_field = None
    for index, node in mappings(values.get("slaProperties")):
        place: Place = ("slaProperties", index)
        name = node.get("property")
        if not isinstance(name, str) or name in _NOTED:
            continue
        if name not in _USED:
            findings.unknown((*place, "property"), name, "a service level", (*_USED, *_NOTED))
            continue
        if name in hours:
            findings.add(
                (*place, "property"),
                f"{name} a second time",
                "each service level once",
                "Keep one of the two",
            )
            continue
        hours[name] = _hours(node, place, findings)
        element = _element(node.get("element"), (*place, "element"), table, findings)
        latency_field = element if name == "latency" else latency_field
    retention = hours.get("retention")
    return Sla(
        frequency_hours=hours.get("frequency"),
        latency_hours=hours.get("latency"),
        latency_field=latency_field,
        retention_days=None if retention is None else max(1, int(retention // 24)),
        severity=customs.choice("freshnessSeverity", SEVERITIES) or DEFAULT_SEVERITY,
    )


def landing_days(customs: Customs, findings: Findings) -> int:
    """`landingRetention`: a number of days, or text such as `2 w`; 7 days by default."""
    value = customs.raw("landingRetention")
    if value is None:
        return _DEFAULT_LANDING_DAYS
    if isinstance(value, int) and not isinstance(value, bool) and 0 <= value * 24 <= _LONGEST_HOURS:
        return value
    parts = re.fullmatch(r"([0-9]{1,4}) ?([a-z]+)", value) if isinstance(value, str) else None
    if parts and parts[2] in _UNIT_WORDS and _UNIT_WORDS[parts[2]] not in {"min", "h"}:
        hours = int(parts[1]) * HOURS[_UNIT_WORDS[parts[2]]]
        if hours <= _LONGEST_HOURS:
            return int(hours // 24)
    findings.add(
        customs.place("landingRetention"),
        shown(value),
        "a number of days (at most 100 years)",
        "Write 7, or text such as 2 w",
    )
    return _DEFAULT_LANDING_DAYS


def _hours(node: Node, place: Place, findings: Findings) -> float | None:
    value, unit = node.get("value"), node.get("unit")
    factor = HOURS[_UNIT_WORDS[unit]] if isinstance(unit, str) and unit in _UNIT_WORDS else None
    if factor is None:
        findings.add(
            (*place, "unit"),
            shown(unit),
            f"a unit: {', '.join(HOURS)}",
            "Add unit: d, or another of them (m is a month)",
        )
    if not isinstance(value, int | float) or not is_number(value) or value <= 0:
        findings.add(
            (*place, "value"), shown(value), "a number above 0", "Write a number without quotes or unit"
        )
        return None
    if factor is None:
        return None
    if value * factor > _LONGEST_HOURS:
        findings.add((*place, "value"), shown(value), "at most 100 years", "Write a shorter time")
        return None
    return float(value * factor)


def _element(element: object, place: Place, table: Table | None, findings: Findings) -> str | None:
    """The field part of `kind.field`, which must be a column of this contract."""
    if not isinstance(element, str) or table is None:
        return None
    names = {f"{table.kind}.{column.field}": column.field for column in table.columns}
    if element not in names:
        findings.unknown(place, element, "kind.field of this contract", names)
    return names.get(element)
