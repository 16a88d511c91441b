"""Asking a version what a block shows: its rows, or why there are none."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from pipelines.errors import UcvError
from pipelines.report.blocks import Block, PublishedTables
from pipelines.report.small_counts import Row, without_small_counts

Read = Callable[[str], tuple[Sequence[str], Sequence[Sequence[Any]]]]
"""Names of the columns and rows of one query on the version. Raises UnreadableError."""

ROWS, EMPTY, MISSING, NO_BEFORE, UNREADABLE = "rows", "empty", "missing", "no_before", "unreadable"


class UnreadableError(UcvError):
    """A query that the version cannot answer: it has not its columns, or is damaged. Names no stored value."""


@dataclass(frozen=True)
class Answer:
    """What became of a block: `state` is one of ROWS, EMPTY, MISSING (`lacking` tables), NO_BEFORE and UNREADABLE."""

    block: Block
    state: str
    rows: list[Row] = field(default_factory=list)
    lacking: tuple[str, ...] = ()


def answer(block: Block, tables: PublishedTables, read: Read) -> Answer:
    """Ask one block. An error of one leaves the others as they are."""
    lacking = tuple(name for name in block.reads if name not in tables.now)
    if lacking:
        return Answer(block, MISSING, lacking=lacking)
    if block.compares and not tables.has_before:
        return Answer(block, NO_BEFORE)
    if block.compares and not set(block.reads) <= set(tables.before):
        return Answer(block, NO_BEFORE)
    try:
        names, found = read(block.sql)
    except UnreadableError:
        return Answer(block, UNREADABLE)
    rows = [dict(zip(names, row, strict=True)) for row in found]
    told = without_small_counts(block, rows)
    return Answer(block, ROWS if told else EMPTY, told)
