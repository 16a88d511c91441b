"""The signs of numbers in one column, by the names that W3C's CSV on the Web gives them: decimalChar and groupChar."""

from __future__ import annotations

from pipelines.contracts.customs import Customs
from pipelines.contracts.fields import Field
from pipelines.contracts.model import NumberSigns
from pipelines.contracts.problems import Findings, shown

SIGN_PROPERTIES = ("decimalChar", "groupChar")
NUMBER_TYPES = frozenset({"decimal", "number", "integer"})
_DECIMAL = (".", ",")
_GROUP = (",", ".", " ", "'")
_TOLD = {"decimalChar": '"." or ","', "groupChar": '"," or "." or " " or "\'"'}


def read_number_signs(customs: Customs, field: Field, findings: Findings) -> NumberSigns | None:
    """What the contract says of a column's numbers; None where it says nothing, and then its files are asked."""
    if field.type not in NUMBER_TYPES:
        for name in filter(customs.has, SIGN_PROPERTIES):
            expected = f"{name} on a number; {field.name} is a canonical {field.type}"
            findings.add(customs.place(name), name, expected, f"Remove {name}")
        return None
    decimal, group = (
        _sign(customs, "decimalChar", _DECIMAL, findings),
        _sign(customs, "groupChar", _GROUP, findings),
    )
    if customs.has("groupChar") and not customs.has("decimalChar"):
        customs.missing("decimalChar", "decimalChar beside groupChar")
    if decimal is not None and decimal == group:
        remedy = "Write the two signs that the numbers are written with"
        findings.add(
            customs.place("groupChar"), f"{shown(decimal)} as both signs", "two different signs", remedy
        )
    return NumberSigns(decimal, group) if decimal else None


def _sign(customs: Customs, name: str, allowed: tuple[str, ...], findings: Findings) -> str | None:
    value = customs.raw(name)
    if value is None or (isinstance(value, str) and value in allowed):
        return value
    findings.add(
        customs.place(name), shown(value), _TOLD[name], f"Write one of the signs in quotes: {_TOLD[name]}"
    )
    return None
