"""Lists of values of one property: what a source may deliver and what that means in our vocabulary."""

from __future__ import annotations

from pipelines.contracts.customs import Customs, Node, mappings
from pipelines.contracts.problems import Findings, Place
from pipelines.contracts.vocabularies import FIELD_VOCABULARIES


def enumeration(node: Node, place: Place, findings: Findings) -> tuple[str, ...]:
    """Values that may be delivered: the standard's `enum`, and `validValues` of its metric invalidValues.

    As delivered, before any valueMap. Empty: every value may.
    """
    values = [entry.get("value") for _, entry in mappings(node.get("enum"))]
    for index, rule in mappings(node.get("quality")):
        arguments = rule.get("arguments")
        listed = arguments.get("validValues") if isinstance(arguments, dict) else None
        if rule.get("metric") != "invalidValues" or listed is None:
            continue
        if isinstance(listed, list):
            values.extend(listed)
        else:
            where = (*place, "quality", index, "arguments", "validValues")
            findings.add(where, "validValues that is no list", "a list of values", "Write it as [one, two]")
    return tuple(dict.fromkeys(_text(value) for value in values if _is_scalar(value)))


def value_map(customs: Customs, kind: str, field: str, findings: Findings) -> dict[str, str]:
    """Delivered value -> canonical value; canonical values of a closed vocabulary must belong to it."""
    given = customs.raw("valueMap")
    if given is None:
        return {}
    place = customs.place("valueMap")
    if not isinstance(given, dict) or not all(_is_scalar(value) for value in given.values()):
        expected = "a mapping from delivered to canonical values"
        findings.add(place, "a valueMap of another form", expected, "Write it as {男: male, 女: female}")
        return {}
    mapped = {delivered: _text(value) for delivered, value in given.items()}
    vocabulary = FIELD_VOCABULARIES.get((kind, field))
    for delivered, value in mapped.items():
        if vocabulary is not None and value not in vocabulary:
            findings.unknown((*place, delivered), value, f"a value of {field}", vocabulary)
    return mapped


def _is_scalar(value: object) -> bool:
    return isinstance(value, str | int | float)


def _text(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
