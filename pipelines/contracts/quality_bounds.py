"""The bounds of one quality rule: an operator of the standard and its number, in per cent or in rows."""

from __future__ import annotations

from pipelines.contracts.customs import Node, is_number
from pipelines.contracts.problems import Findings, Place, shown

Bounds = tuple[float | None, float | None]

HAIR = 1e-9
"""In percent; what "less than five" leaves out of five."""
PERCENT, ROWS = "percent", "rows"


def of_good(bounds: Bounds, unit: str) -> Bounds:
    """The standard counts what is wrong, we measure what is right; in rows the bounds stay those of wrong rows."""
    low, high = bounds
    if unit == ROWS:
        return bounds
    return None if high is None else 100.0 - high, None if low is None else 100.0 - low


def read_bounds(rule: Node, where: Place, unit: str, findings: Findings) -> Bounds | None:
    """The least and the greatest number that the rule allows; None when it has no operator that is known here."""
    for name, value in rule.items():
        if (
            name == "mustBeBetween"
            and isinstance(value, list)
            and len(value) == 2
            and all(map(is_number, value))
        ):
            return float(value[0]), float(value[1])
        if not is_number(value):
            continue
        number = float(str(value))
        # The next number that may be: whole rows, or a hair beside a share.
        above, below = (number + 1, number - 1) if unit == ROWS else (number + HAIR, number - HAIR)
        match name:
            case "mustBe":
                return number, number
            case "mustBeGreaterThan":
                return above, None
            case "mustBeGreaterOrEqualTo":
                return number, None
            case "mustBeLessThan":
                return None, below
            case "mustBeLessOrEqualTo":
                return None, number
    remedy = "Write mustBeLessThan, mustBeGreaterThan, mustBeBetween or mustBe with a number"
    findings.add(where, "a rule without a bound that is known here", "one bound", remedy)
    return None


def read_unit(rule: Node, where: Place, findings: Findings) -> str:
    """Per cent or rows; rows where the rule says nothing."""
    unit = rule.get("unit", ROWS)
    if unit not in (PERCENT, ROWS):
        findings.add((*where, "unit"), shown(unit), f"{ROWS} or {PERCENT}", f"Write unit: {PERCENT}")
    return str(unit)
