"""Rows that ingest must quarantine: no key, no date, too many columns, an unknown word."""

from __future__ import annotations

import csv
import io
import json

from pipelines.demo.dice import Dice
from pipelines.demo.layouts import Cells, Layout
from pipelines.demo.writers import BROKEN

_WORDS = {
    "interaction_type": "telepathy",
    "reason": "because",
    "result": "maybe",
    "role": "mascot",
    "scope": "galaxy",
}


def broken_row(cells: Cells, key: str, layout: Layout, dice: Dice) -> Cells:
    """A good row spoilt in one way that its format allows; `key` keeps it apart from the good one."""
    row = {**cells, layout.physical["source_record_id"]: key}
    ways = [_missing_key, _no_date]
    form = layout.contract.server.format
    if form == "csv":
        ways.append(_too_many_columns)
    if form == "jsonl":
        ways.append(_cut_line)
    if any(field in _WORDS for field in layout.physical):
        ways.append(_unknown_word)
    return dice.pick(ways)(row, layout)


def _missing_key(row: Cells, layout: Layout) -> Cells:
    return {**row, layout.physical["source_record_id"]: ""}


def _no_date(row: Cells, layout: Layout) -> Cells:
    return {**row, layout.physical[layout.event_field]: "2025-13-45"}


def _unknown_word(row: Cells, layout: Layout) -> Cells:
    field = next(field for field in layout.physical if field in _WORDS)
    return {**row, layout.physical[field]: _WORDS[field]}


def _too_many_columns(row: Cells, layout: Layout) -> Cells:
    text = io.StringIO()
    cells = [row.get(name, "") for name in layout.header]
    csv.writer(text, delimiter=layout.contract.server.delimiter, lineterminator="").writerow(
        [*cells, "x", "y"]
    )
    return {BROKEN: text.getvalue()}


def _cut_line(row: Cells, layout: Layout) -> Cells:
    return {BROKEN: json.dumps(row, ensure_ascii=False)[:-2]}
