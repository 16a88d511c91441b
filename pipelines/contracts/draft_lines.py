"""The lines of a drafted contract that speak of columns: each with how sure it is and the form of three of its values."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping

from pipelines.contracts.column_guess import DOUBTFUL, LIKELY, Guess
from pipelines.contracts.column_values import examples
from pipelines.contracts.draft import Draft
from pipelines.contracts.fields import fields_of
from pipelines.contracts.model import NumberSigns
from pipelines.contracts.number_signs import NUMBER_TYPES
from pipelines.contracts.odcs import LOGICAL_TYPES
from pipelines.contracts.plain_values import PLACEHOLDER
from pipelines.contracts.sample import Sample

_REQUIRED = frozenset({"registered_at", "transacted_at", "occurred_at", "effective_at", "verified_at"})

_DOUBTFUL = """\
      # {name} holds numbers such as 1.000 or 1,000 and nothing tells whether they are thousands; if a comma is the decimal
      # sign, add customProperties: [{{property: decimalChar, value: ","}}] to the next line"""


def property_lines(draft: Draft) -> list[str]:
    """A line per mapped column, and a comment above each that a sample speaks of."""
    lines = []
    for guess in draft.mapped.values():
        if draft.sample.columns:
            lines.append(_told(guess, draft))
        if _is_number(guess.field, draft.kind) and guess.column in draft.sample.doubtful_numbers:
            lines.append(_DOUBTFUL.format(name=guess.field))
        lines.append(f"      - {{{', '.join(_parts(guess, draft))}}}")
    if not lines:
        lines.append(f"      - {{name: {PLACEHOLDER}, physicalName: {PLACEHOLDER}, logicalType: string}}")
    return lines


def _told(guess: Guess, draft: Draft) -> str:
    shown = _values(guess.column, draft.sample)
    unfit = draft.key.unfit.get(guess.field)
    key = f"; no key: {unfit}" if unfit and guess.field not in draft.key.key else ""
    return f"      # {guess.sureness}: {guess.why}{shown}{key}"


def _values(column: str, sample: Sample) -> str:
    cells = sample.values.get(column, ())
    if not cells:
        return ""
    forms = examples(cells)
    if not forms:
        return "; no values in the sample"
    shape = sample.shapes[column]
    filled = f", filled on {shape.filled:.0%} of rows" if shape.filled < 1 else ""
    return f"; values such as {' | '.join(forms)}{filled}"


def _is_number(field: str, kind: str) -> bool:
    return fields_of(kind)[field].type in NUMBER_TYPES


def _parts(guess: Guess, draft: Draft) -> list[str]:
    name, column, key = guess.field, guess.column, draft.key.key
    field = fields_of(draft.kind)[name]
    parts = [
        f"name: {name}",
        f"physicalName: {json.dumps(column, ensure_ascii=False)}",
        f"logicalType: {LOGICAL_TYPES[field.type][0]}",
    ]
    if name in key:
        parts += ["required: true", "primaryKey: true", f"primaryKeyPosition: {key.index(name) + 1}"]
    elif name in _REQUIRED and _is_filled(guess, draft):
        parts.append("required: true")
    if field.sensitivity == "pii":
        parts.append("classification: pii")
    customs = _customs(
        draft.key.fill_down.get(name), draft.sample.number_signs, column, is_number=field.type in NUMBER_TYPES
    )
    return parts + ([f"customProperties: [{', '.join(customs)}]"] if customs else [])


def _is_filled(guess: Guess, draft: Draft) -> bool:
    """Whether the column may be demanded: filled on every row that could be read, if need be from the row above."""
    shape = draft.sample.shapes.get(guess.column)
    return not shape or not shape.rows or shape.filled == 1 or guess.field in draft.key.fill_down


def _customs(
    within: str | None, signs: Mapping[str, NumberSigns], column: str, *, is_number: bool
) -> list[str]:
    told: dict[str, str | None] = {"fillDown": within}
    if is_number and column in signs:
        told |= {"decimalChar": signs[column].decimal, "groupChar": signs[column].group}
    return [f"{{property: {name}, value: {json.dumps(sign)}}}" for name, sign in told.items() if sign]


_KEY_LIKE = re.compile(r"(?i)(?:^|_|\b)(?:id|no|nr|number|key|code)$|编号$|编码$|流水号$|单号$")


def unmapped_lines(draft: Draft) -> list[str]:
    """Comments for other columns; none if no name was recognised: the first line may be a person."""
    sample, mapped = draft.sample, draft.mapped
    if not any(guess.why != "its values alone" for guess in mapped.values()):
        return []
    taken = draft.guesses.taken
    left = [column for column in sample.columns if column not in taken and _is_name(column)]
    told = [
        f"      # not mapped: {json.dumps(column, ensure_ascii=False)}{_why(column, draft)}"
        for column in left
    ]
    key = next((column for column in left if _KEY_LIKE.search(column) and _may_be_key(column, sample)), None)
    if key and "source_record_id" not in mapped and not draft.key.key:
        line = f"- {{name: source_record_id, physicalName: {json.dumps(key, ensure_ascii=False)}, logicalType: string, primaryKey: true}}"
        told += ["      # does it name a record? Then write, and remove key: derived", f"      # {line}"]
    return told


def _why(column: str, draft: Draft) -> str:
    against = draft.guesses.spoken_against.get(column)
    return f" ({against})" if against else ""


def _may_be_key(column: str, sample: Sample) -> bool:
    shape = sample.shapes[column]
    return not shape.rows or (shape.filled == 1 and shape.distinct == 1)


def _is_name(column: str) -> bool:
    return column.isprintable() and "@" not in column and sum(map(str.isdigit, column)) < 4


def doubts(draft: Draft) -> tuple[int, int, int]:
    """How many columns are sure, likely and doubtful."""
    sureness = [guess.sureness for guess in draft.mapped.values()]
    return (
        len(sureness) - sureness.count(LIKELY) - sureness.count(DOUBTFUL),
        sureness.count(LIKELY),
        sureness.count(DOUBTFUL),
    )
