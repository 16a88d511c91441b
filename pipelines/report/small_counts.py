"""Cells that are about fewer than five people are not told: who knows the others would know them too."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from pipelines.report.blocks import PEOPLE, Block

FEWEST = 5
"""People of whom a figure may tell, as in the marketing file (`k_anonymity`)."""


class Withheld:
    """In place of a figure: `few` says that it counts 1 to 4 people, else it would tell of such a count."""

    def __init__(self, *, few: bool) -> None:
        self.few = few


Row = dict[str, Any]


def without_small_counts(block: Block, rows: Sequence[Mapping[str, Any]]) -> list[Row]:
    """The rows with `Withheld` where a cell counts 1 to 4 people or is a figure of them."""
    people = [column.name for column in block.columns if column.form == PEOPLE]
    told: list[Row] = [
        {
            name: Withheld(few=True) if name in people and is_small(value) else value
            for name, value in row.items()
        }
        for row in rows
    ]
    if block.partition:
        _hide_second(told, block.partition)
    for row in told:
        _hide_figures_of_few(block, row)
    return told


def is_small(value: Any) -> bool:
    return value is not None and 0 < value < FEWEST


def _hide_second(rows: list[Row], column: str) -> None:
    """Where one cell alone is hidden, its figure is the sum less the others: the smallest other is hidden with it."""
    hidden = [row for row in rows if isinstance(row[column], Withheld)]
    others = [row for row in rows if row not in hidden and row[column]]
    if len(hidden) == 1 and others:
        smallest = min(others, key=lambda row: row[column])
        smallest[column] = Withheld(few=False)


def _hide_figures_of_few(block: Block, row: Row) -> None:
    for column in block.columns:
        groups = [name for name in column.of.split(",") if name]
        if row[column.name] is not None and any(isinstance(row[group], Withheld) for group in groups):
            row[column.name] = Withheld(few=False)
