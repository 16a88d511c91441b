"""What makes a matching specification wrong. Each fault is told with file, line, what was found and what to do."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from pipelines.errors import SettingsError
from pipelines.matching.lines import Lines
from pipelines.matching.specification import PLACE

_CALL = re.compile(r"(?<![\w.])([a-z_]+)\((\w+)\)")
_THRESHOLD = re.compile(r"\$(\w+)")
_LEVEL_OF = re.compile(r"(\w+)[:<>]([a-z]\w*)")
_SQL = {"coalesce", "not", "year", "month", "day", "length"}
_SUM_TOLERANCE = 0.02
"""m and u of a comparison are probabilities of all its levels; shipped values are rounded."""
PARTS = ("comparators", "comparisons", "facts", "guards", "reliefs", "blocking", "settings")


def check_specification(told: dict[str, Any], lines: Lines) -> None:
    """Raise SettingsError that lists every fault."""
    faults = [f"{lines.of(told)}: {part} is missing; add it." for part in PARTS if part not in told]
    if not faults:
        for comparison in told["comparisons"]:
            faults += _comparison_faults(comparison, told["comparators"], lines)
        faults += _fact_faults(told, lines)
        faults += _relief_faults(told, lines)
        faults += _blocking_faults(told["blocking"], lines)
    if faults:
        raise SettingsError("The matching specification is wrong:\n" + "\n".join(faults))


def _blocking_faults(rules: list[dict[str, Any]], lines: Lines) -> Iterator[str]:
    for rule in rules:
        where, name = lines.of(rule), rule.get("rule")
        if ("key" in rule) == ("keys" in rule):
            yield f"{where}: blocking rule {name} has {'both' if 'key' in rule else 'neither'} of key and keys; give one."
        elif rule.get("loose", True) is not True:
            yield f"{where}: blocking rule {name} has loose: {rule['loose']}; write true, or leave it out."
        elif (PLACE in (rule.get("key") or rule["keys"])) != bool(rule.get("of")):
            yield f"{where}: blocking rule {name} needs columns (of) where its key names {PLACE}, and only there; add or remove them."


def _comparison_faults(
    comparison: dict[str, Any], comparators: dict[str, str], lines: Lines
) -> Iterator[str]:
    where, name = lines.of(comparison), comparison.get("field")
    levels = comparison.get("levels") or []
    if len(levels) < 2:
        yield f"{where}: comparison {name} has {len(levels)} levels, expected two or more; add them."
        return
    for chance in ("m", "u"):
        total = sum(float(level.get(chance, 0)) for level in levels)
        if abs(total - 1) > _SUM_TOLERANCE or any(float(level.get(chance, 0)) <= 0 for level in levels):
            yield (
                f"{where}: {chance} of the levels of {name} add up to {total:.4f}, expected 1 (and each above 0); correct them."
            )
    seen: dict[str, str] = {}
    for place, level in enumerate(levels):
        yield from _level_faults(comparison, level, place, lines)
        condition = " ".join(str(level.get("when", "")).split())
        if condition in seen and condition:
            yield (
                f"{lines.of(level)}: levels {seen[condition]} and {level.get('name')} of {name} have the same condition, so that "
                "the weaker is never reached; change one."
            )
        seen[condition] = str(level.get("name"))
    texts = [str(comparison.get("compared_when", "")), *(str(level.get("when", "")) for level in levels)]
    for text in texts:
        yield from _condition_faults(text, comparison, comparators, where)


def _level_faults(
    comparison: dict[str, Any], level: dict[str, Any], place: int, lines: Lines
) -> Iterator[str]:
    where, name, field = lines.of(level), level.get("name"), comparison.get("field")
    if place and not level.get("when"):
        yield f"{where}: level {name} of {field} has no condition (`when`); only the weakest level may lack one."
    below = [other["name"] for other in comparison["levels"][:place]]
    for other in level.get("above", ()):
        if other not in below:
            yield (
                f"{where}: level {name} of {field} is said to be above {other}, expected of {', '.join(below) or 'none'}; "
                "correct the name."
            )


def _condition_faults(
    text: str, comparison: dict[str, Any], comparators: dict[str, str], where: str
) -> Iterator[str]:
    field = comparison.get("field")
    for name, _ in _CALL.findall(text):
        if name not in comparators and name not in _SQL:
            yield f"{where}: {field} uses comparator {name}, which is not among comparators; correct the name or add it there."
    for name in _THRESHOLD.findall(text):
        if name not in (comparison.get("thresholds") or {}):
            yield f"{where}: {field} uses threshold ${name}, which is not among its thresholds; add it there."


def _fact_faults(told: dict[str, Any], lines: Lines) -> Iterator[str]:
    levels = {one["field"]: {level["name"] for level in one["levels"]} for one in told["comparisons"]}
    conditions = [(fact, fact.get("when")) for fact in told["facts"].values()]
    conditions += [(guard, guard.get("when")) for guard in told["guards"]]
    conditions += [(relief, relief.get(part)) for relief in told["reliefs"] for part in ("pairs", "among")]
    for holder, text in conditions:
        for field, level in _LEVEL_OF.findall(str(text)):
            if field not in levels:
                yield f"{lines.of(holder)}: {field} is no compared field; expected of {', '.join(sorted(levels))}."
            elif level not in levels[field] | {"none"}:
                yield f"{lines.of(holder)}: {level} is no level of {field}; expected of {', '.join(sorted(levels[field]))}."
    for guard in told["guards"]:
        for field in guard.get("of", ()):
            if field not in levels:
                yield f"{lines.of(guard)}: guard {guard.get('name')} caps {field}, which is no compared field; correct it."
        if guard.get("cap") not in told["settings"]:
            yield f"{lines.of(guard)}: guard {guard.get('name')} names cap {guard.get('cap')}, which is no setting; add it."


def _relief_faults(told: dict[str, Any], lines: Lines) -> Iterator[str]:
    guards = [guard.get("name") for guard in told["guards"]]
    for relief in told["reliefs"]:
        where, name = lines.of(relief), relief.get("name")
        for guard in relief.get("of", ()):
            if guard not in guards:
                yield f"{where}: relief {name} relieves {guard}, expected of {', '.join(guards)}; correct the name."
        if relief.get("share") not in told["settings"]:
            yield f"{where}: relief {name} names share {relief.get('share')}, which is no setting; add it."
