"""Between which values a number or date is believed: `minimum` and `maximum` of the standard's logicalTypeOptions.

The standard's `quality` knows no such rule for single rows, so that the bounds stand where it puts them. Without them:

- decimals (amounts, quantities, costs) from -1e9 to 1e9: no line of an order or till is worth a thousand million, and what
  is was mostly a telephone or card number in the wrong column. One such line would weigh more than all customers together.
  In currencies of many digits (VND, IDR) a contract that sells cars and houses says a higher maximum.
- other numbers (scores) from -100,000 to 100,000: they are averaged, so that one slip would be the average.
- whole numbers: what 64 bits hold. Line numbers of some shops are ids of 18 digits.
- dates and times from 1900 to 2200: 0001-01-01 and 9999-12-31 stand for nothing, or never, in systems that must have a date.

What is declared may go further, up to what the type and the models hold.
"""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal

from pipelines.contracts.customs import Node, is_number
from pipelines.contracts.fields import Field
from pipelines.contracts.model import Bounds
from pipelines.contracts.problems import Findings, Place, shown

_LONG = 2**63
_LONG_BOUNDS = Bounds(Decimal(-_LONG), Decimal(_LONG - 1))
_DAYS = Bounds(date(1900, 1, 1), date(2200, 12, 31))
_DEFAULTS = {
    "decimal": Bounds(Decimal(-(10**9)), Decimal(10**9)),
    "number": Bounds(Decimal(-(10**5)), Decimal(10**5)),
    "integer": _LONG_BOUNDS,
    "date": _DAYS,
    "timestamp": _DAYS,
}
_FURTHEST = {
    "decimal": Bounds(
        Decimal(1 - 10**14), Decimal(10**14 - 1)
    ),  # fields.DUCKDB_TYPES: 14 digits before the point
    "number": Bounds(Decimal(-999_999), Decimal(999_999)),  # what a mean in survey_results holds
    "integer": _LONG_BOUNDS,
    "date": Bounds(date.min, date.max),
    "timestamp": Bounds(date.min, date.max),
}


def read_bounds(node: Node, place: Place, field: Field, findings: Findings) -> Bounds | None:
    """What is declared, checked, or the default of the field's type; None for text and booleans, which have none."""
    usual, furthest = _DEFAULTS.get(field.type), _FURTHEST.get(field.type)
    if usual is None or furthest is None:
        return None
    options = node.get("logicalTypeOptions")
    given = options if isinstance(options, dict) else {}
    where = (*place, "logicalTypeOptions")
    low = _bound(given.get("minimum"), furthest, (*where, "minimum"), findings)
    high = _bound(given.get("maximum"), furthest, (*where, "maximum"), findings)
    bounds = Bounds(usual.low if low is None else low, usual.high if high is None else high)
    if bounds.low > bounds.high:  # type: ignore[operator] # both are of the field's type
        where = (*where, "maximum" if high is not None else "minimum")
        expected = (
            f"a minimum that is no more than the maximum (without them {usual.low} and {usual.high} hold)"
        )
        findings.add(
            where, f"from {bounds.low} to {bounds.high}", expected, "Correct one of the two, or write both"
        )
    return bounds


def _bound(value: object, furthest: Bounds, place: Place, findings: Findings) -> Decimal | date | None:
    if value is None:
        return None
    if isinstance(furthest.low, date):
        found: Decimal | date | None = _day(value)
        expected, remedy = "a day of the calendar, yyyy-mm-dd", "Write it in quotes as 1900-01-01"
    else:
        found = Decimal(str(value)) if is_number(value) else None
        expected, remedy = (
            f"a number from {furthest.low} to {furthest.high}",
            "Write it without quotes or unit",
        )
    if found is None or not furthest.low <= found <= furthest.high:  # type: ignore[operator]
        findings.add(place, shown(value), expected, remedy)
        return None
    return found


def _day(value: object) -> date | None:
    if isinstance(value, str) and re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value):
        try:
            return date.fromisoformat(value)
        except ValueError:
            pass
    return None
