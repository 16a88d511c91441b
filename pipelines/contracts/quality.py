"""The `quality` of a contract (ODCS v3): bounds that a source sets on its own deliveries, with severity, owner and remedy."""

from __future__ import annotations

from collections.abc import Iterator

from pipelines.contracts.columns import Table
from pipelines.contracts.customs import Customs, Node, is_number, mappings
from pipelines.contracts.model import QualityRule
from pipelines.contracts.problems import Findings, Place, shown
from pipelines.contracts.quality_bounds import ROWS, Bounds, of_good, read_bounds, read_unit

ENGINE = "ucv"
"""The engine of `type: custom` rules that are run here; rules of other engines are left to them."""

SEVERITIES = {"info": "info", "warn": "warn", "warning": "warn", "fail": "fail", "error": "fail"}
VALIDATED_FIELDS = (
    "phone", "phone_2", "phone_3", "email", "email_2", "email_3", "national_id", "passport_no", "organisation_id",
)  # fmt: skip
"""Fields whose values a standardising function judges."""

EVENT_FIELDS = {
    "registration": "registered_at", "transaction": "transacted_at", "interaction": "occurred_at",
    "purchased_list": "collected_at", "suppression": "effective_at", "verification": "verified_at",
}  # fmt: skip
"""When what a row tells happened, by kind; of others `updated_at`."""

LEARNED = "learned"
WHOLE_MEASURES = (
    "recent", "future", "quarantined", "repeated", "email_fits_name", "known_elsewhere", "known_again", "known_otherwise",
)  # fmt: skip
"""Measures of a whole delivery, shares from 0 to 1, that a custom rule may bound; see `quality/measures.py`."""

_METRICS = {
    "nullValues": "given",
    "missingValues": "given",
    "invalidValues": "valid",
    "duplicateValues": "distinct",
}
_MOST_ROWS = 10**12


def read_quality(values: Node, table: Table | None, findings: Findings) -> tuple[QualityRule, ...]:
    """Every rule of the one table and its columns; faults go to the findings."""
    found: list[QualityRule] = []
    for index, node in mappings(values.get("schema")):
        place: Place = ("schema", index)
        found += _rules(node, place, None, table, findings)
        for turn, column in mappings(node.get("properties")):
            name = column.get("name")
            if table is not None and any(known.field == name for known in table.columns):
                found += _rules(column, (*place, "properties", turn), str(name), table, findings)
    return tuple(found)


def _rules(
    node: Node, place: Place, field: str | None, table: Table | None, findings: Findings
) -> Iterator[QualityRule]:
    for index, rule in mappings(node.get("quality")):
        where = (*place, "quality", index)
        kind = rule.get("type", "library")
        if kind == "sql":
            remedy = f"Write it with one of the standard's metrics, or as type: custom with engine: {ENGINE}"
            findings.add(
                (*where, "type"), "a rule of type sql", "library or custom: queries are not run", remedy
            )
        elif kind == "custom" and rule.get("engine") == ENGINE:
            yield from _custom(rule, where, table, findings)
        elif kind == "library":
            yield from _library(rule, where, field, findings)


def _library(rule: Node, where: Place, field: str | None, findings: Findings) -> Iterator[QualityRule]:
    metric = rule.get("metric")
    arguments = rule.get("arguments")
    if metric == "invalidValues" and isinstance(arguments, dict) and "validValues" in arguments:
        return  # an enumeration: each row is held against it
    unit = read_unit(rule, where, findings)
    bounds = read_bounds(rule, where, unit, findings)
    if bounds is None or metric not in (*_METRICS, "rowCount"):
        return  # told, here or by the standard's schema
    if metric == "rowCount":
        if field is None:
            yield _made("rows", None, bounds, ROWS, rule, where, findings)
        return
    measure = "unrepeated" if field is None else f"{_METRICS[str(metric)]}:{field}"
    if field is None and metric != "duplicateValues":
        remedy = "Put the rule under the property that it means"
        findings.add(
            (*where, "metric"), f"{metric} of the whole table", "rowCount or duplicateValues here", remedy
        )
        return
    if metric == "invalidValues" and field not in VALIDATED_FIELDS:
        remedy = "Give arguments: {validValues: […]}, or an enum of the property"
        expected = f"validValues, or one of {', '.join(VALIDATED_FIELDS)}"
        findings.add((*where, "metric"), f"invalidValues of {field}", expected, remedy)
        return
    yield _made(measure, field, of_good(bounds, unit), unit, rule, where, findings)


def _custom(rule: Node, where: Place, table: Table | None, findings: Findings) -> Iterator[QualityRule]:
    what = rule.get("implementation")
    place = (*where, "implementation")
    if not isinstance(what, dict) or what.get("measure") not in (*WHOLE_MEASURES, LEARNED):
        expected = f"a mapping with measure: {', '.join((*WHOLE_MEASURES, LEARNED))}"
        findings.add(place, "another implementation", expected, "Write {measure: recent, minimum: 0.5}")
        return
    bounds: list[float | None] = []
    for name in ("minimum", "maximum"):
        value = what.get(name)
        if value is not None and not (is_number(value) and 0 <= float(str(value)) <= 1):
            findings.add((*place, name), shown(value), "a share from 0 to 1", "Write 0.2 for 20 %")
            value = None
        bounds.append(None if value is None else float(str(value)))
    measure = str(what["measure"])
    if measure != LEARNED and bounds == [None, None]:
        findings.add(place, f"{measure} without a bound", "a minimum, a maximum, or both", "Add minimum: 0.5")
    lacking = _lacking(measure, table)
    if lacking:
        findings.add(
            place,
            f"{measure} of a contract without {lacking}",
            "columns that it is measured on",
            "Map them, or drop the rule",
        )
    yield _made(measure, None, (bounds[0], bounds[1]), "share", rule, where, findings)


def _lacking(measure: str, table: Table | None) -> str:
    """What of the contract's columns a measure lacks; empty where it can be measured."""
    if table is None:
        return ""
    fields = {column.field for column in table.columns}
    event = EVENT_FIELDS.get(table.kind, "updated_at")
    if measure in ("recent", "future"):
        return "" if event in fields else event
    if measure == "email_fits_name":
        named = fields & {"full_name", "family_name", "given_name", "native_name"}
        return "" if "email" in fields and named else "email and a name"
    return "" if not measure.startswith("known_") or fields & {"phone", "email"} else "phone or email"


def _made(  # noqa: PLR0913, PLR0917 - the parts of one rule
    measure: str, field: str | None, bounds: Bounds, unit: str, rule: Node, where: Place, findings: Findings
) -> QualityRule:  # fmt: skip
    customs = Customs(rule, where, ("owner", "remedy"), findings)
    severity = rule.get("severity", "warn")
    if severity not in SEVERITIES:
        findings.unknown((*where, "severity"), shown(severity), "a severity", SEVERITIES)
    return QualityRule(
        measure=measure, field=field, low=bounds[0], high=bounds[1], unit=unit,
        severity=SEVERITIES.get(str(severity), "warn"),
        description=str(rule["description"]) if isinstance(rule.get("description"), str) else None,
        owner=customs.text("owner"), remedy=customs.text("remedy"),
    )  # fmt: skip
