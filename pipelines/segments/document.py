"""A segment as written: one YAML file with a name, a title and rules joined by all, any and not."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from pipelines.errors import UcvError

Value = str | int | float | bool | date

TESTS = {
    "is": "one value or a list of values",
    "is_not": "one value or a list of values; an unknown value passes",
    "at_least": "a number or date",
    "at_most": "a number or date",
    "known": "true or false",
    "has": "one value that a list such as suppressed_channels holds",
}
MAIN_TABLE = "customer_360"


class SegmentError(UcvError):
    """The segment's file is missing or wrong: a mistake of its author (exit 2)."""

    exit_code = 2


@dataclass(frozen=True)
class Rule:
    """One test of one column of a mart with one row per customer."""

    table: str
    field: str
    test: str
    values: tuple[Value, ...]


@dataclass(frozen=True)
class Group:
    """`all` or `any` of its parts, or `not` its only part."""

    joined_by: str
    parts: tuple[Rule | Group, ...]


@dataclass(frozen=True)
class Segment:
    """`name` is the file's stem; `where` holds the rules."""

    name: str
    title: str
    where: Group


def read_segment(path: Path) -> Segment:
    """Raises SegmentError that names the file, the place and what was expected."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise SegmentError(f"{path} cannot be read as YAML ({type(error).__name__}); mend it.") from error
    return parse_segment(text, path)


def parse_segment(text: str, path: Path) -> Segment:
    """The same of a text that stands in the file, or is to be written there."""
    try:
        document = yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise SegmentError(f"{path} cannot be read as YAML ({type(error).__name__}); mend it.") from error
    if not isinstance(document, dict):
        raise SegmentError(f"{path}: expected the keys title and where.")
    unknown = sorted(set(map(str, document)) - {"title", "where"})
    if unknown:
        raise SegmentError(f"{path}: unknown key {unknown[0]!r}; expected title and where.")
    return Segment(path.stem, str(document.get("title") or path.stem), _where(document.get("where"), path))


def _where(written: Any, path: Path) -> Group:
    part = _part(written, path, "where")
    return part if isinstance(part, Group) else Group("all", (part,))


def _part(written: Any, path: Path, place: str) -> Rule | Group:
    if isinstance(written, dict):
        groups = [key for key in ("all", "any", "not") if key in written]
        if len(groups) == 1 and len(written) == 1:
            return _group(groups[0], written[groups[0]], path, f"{place}.{groups[0]}")
        if "field" in written:
            return _rule(written, path, place)
    raise SegmentError(
        f"{path}: {place} must be one of all, any, not, or a rule such as {{field: city, is: 上海市}}."
    )


def _group(joined_by: str, written: Any, path: Path, place: str) -> Group:
    if joined_by == "not":
        return Group("not", (_part(written, path, place),))
    if not isinstance(written, list) or not written:
        raise SegmentError(f"{path}: {place} must be a list of one rule or more.")
    parts = tuple(_part(part, path, f"{place}[{number}]") for number, part in enumerate(written, start=1))
    return Group(joined_by, parts)


def _rule(written: dict[Any, Any], path: Path, place: str) -> Rule:
    tests = [str(key) for key in written if key not in ("field", "table")]
    if len(tests) != 1 or tests[0] not in TESTS:
        raise SegmentError(
            f"{path}: {place} has the tests {', '.join(tests) or 'nothing'}; expected exactly one of {', '.join(TESTS)}."
        )
    test = tests[0]
    given = written[test]
    values = tuple(given) if isinstance(given, list) else (given,)
    is_list_test = test in ("is", "is_not")
    wrong = (
        not values
        or (len(values) != 1 and not is_list_test)
        or (test == "known" and not isinstance(given, bool))
        or any(not isinstance(value, (str, int, float, bool, date)) for value in values)
    )
    if wrong:
        raise SegmentError(f"{path}: {place}.{test} must be {TESTS[test]}.")
    return Rule(str(written.get("table") or MAIN_TABLE), str(written["field"]), test, values)
