"""A segment built by clicking: from a form to the YAML that somebody would write by hand, through the same checks."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import yaml

from pipelines.command.audience import segment_files
from pipelines.segments.document import MAIN_TABLE, TESTS, Segment, SegmentError, Value, parse_segment
from pipelines.settings import Settings
from pipelines.storage.durable import write_file

MOST_RULES = 12
MOST_TITLE = 80
_NAME = re.compile(r"[a-z][a-z0-9_]{0,39}")
_COMMAS = re.compile(r"[,，、;]")
_TRUE, _FALSE = ("true", "yes", "1", "是"), ("false", "no", "0", "否")


@dataclass(frozen=True)
class Written:
    """A rule as the form has it: `column` is table.field, `negated` turns it around."""

    column: str
    test: str
    value: str
    negated: bool


@dataclass(frozen=True)
class Draft:
    """The form as it was sent."""

    name: str
    title: str
    joined_by: str
    rules: Sequence[Written]


def draft_of(form: Mapping[str, list[str]]) -> Draft:
    """Rules without a column are left out."""

    def text(name: str) -> str:
        return next(iter(form.get(name, ())), "").strip()

    columns = form.get("column", [])
    cells = [[*form.get(name, ()), *[""] * len(columns)] for name in ("test", "value", "negated")]
    rules = [
        Written(column, test, value.strip(), negated == "not")
        for column, test, value, negated in zip(columns, *cells, strict=False)
        if column
    ]
    return Draft(
        text("name"),
        text("title"),
        text("joined_by") if text("joined_by") in ("all", "any") else "all",
        rules[:MOST_RULES],
    )


def yaml_of(draft: Draft, columns: Mapping[str, Mapping[str, str]]) -> str:
    """The file's text. Raises SegmentError for a draft without a rule, or a value that is none of its column's type."""
    if not draft.rules:
        raise SegmentError("The segment has no rule; expected one or more.")
    parts = [_part(rule, columns, place) for place, rule in enumerate(draft.rules, start=1)]
    document = {"title": draft.title[:MOST_TITLE] or draft.name, "where": {draft.joined_by: parts}}
    return yaml.safe_dump(document, allow_unicode=True, sort_keys=False, default_flow_style=None, width=120)


def segment_of(draft: Draft, columns: Mapping[str, Mapping[str, str]], settings: Settings) -> Segment:
    """The draft read as a file of that name would be."""
    return parse_segment(yaml_of(draft, columns), settings.home / "segments" / f"{draft.name or 'draft'}.yml")


def save(draft: Draft, columns: Mapping[str, Mapping[str, str]], settings: Settings, by: str) -> Segment:
    """Write it into the home's segments, as a new file. Raises SegmentError for a name that cannot be one, or is taken."""
    if not _NAME.fullmatch(draft.name):
        raise SegmentError(
            "The name of a segment is a file's: expected small letters, digits and _ that begin with a letter, 40 at most."
        )
    if draft.name in segment_files(settings):
        raise SegmentError(
            f"There is a segment {draft.name} already; expected another name. Nothing was written."
        )
    segment = segment_of(draft, columns, settings)
    folder = settings.home / "segments"
    folder.mkdir(parents=True, exist_ok=True)
    head = f"# Built at the desk by {_plain(by)} on {settings.today().isoformat()}.\n"
    write_file(folder / f"{draft.name}.yml", head + yaml_of(draft, columns))
    return segment


def _part(rule: Written, columns: Mapping[str, Mapping[str, str]], place: int) -> dict[str, Any]:
    table, _, field = rule.column.partition(".")
    kind = columns.get(table, {}).get(field)
    if kind is None:
        raise SegmentError(
            f"Rule {place} asks for a column that the published version does not have; choose one of the list."
        )
    if rule.test not in TESTS:
        raise SegmentError(f"Rule {place} has no test; expected one of {', '.join(TESTS)}.")
    if not rule.value:
        raise SegmentError(f"Rule {place} ({field}) has no value; expected {TESTS[rule.test]}.")
    written: dict[str, Any] = {} if table == MAIN_TABLE else {"table": table}
    written |= {"field": field, rule.test: _value(rule, kind, place, field)}
    return {"not": written} if rule.negated else written


def _value(rule: Written, kind: str, place: int, field: str) -> Value | list[Value]:
    if rule.test == "known":
        return _typed(rule.value, "BOOLEAN", place, field)
    if rule.test in ("is", "is_not"):
        values = [
            _typed(part.strip(), kind, place, field) for part in _COMMAS.split(rule.value) if part.strip()
        ]
        return values[0] if len(values) == 1 else values
    return _typed(rule.value, kind.removesuffix("[]"), place, field)


def _typed(text: str, kind: str, place: int, field: str) -> Value:
    try:
        if kind == "BOOLEAN":
            return _truth(text)
        if kind in ("INTEGER", "BIGINT", "SMALLINT", "HUGEINT"):
            return int(text)
        if kind.startswith("DECIMAL") or kind in ("DOUBLE", "FLOAT"):
            return float(text)
        if kind == "DATE" or kind.startswith("TIMESTAMP"):
            return date.fromisoformat(text)
    except ValueError:
        told = {"BOOLEAN": "true or false", "DATE": "a day such as 2026-01-31"}.get(
            kind, "a day such as 2026-01-31" if "TIME" in kind else "a number"
        )
        raise SegmentError(f"Rule {place} ({field}) has a value of another kind; expected {told}.") from None
    return text


def _truth(text: str) -> bool:
    if text.lower() in _TRUE:
        return True
    if text.lower() in _FALSE:
        return False
    raise ValueError(text)


def _plain(name: str) -> str:
    return "".join(sign for sign in name if sign.isprintable())[:40]
