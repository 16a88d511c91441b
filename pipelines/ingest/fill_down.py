"""Blank cells that the contract fills from the row above: fields of an order that stand on its first line only.

A column says `fillDown` with the field within which it holds, or `above`. What was filled is counted as a repair of its own,
`filled_down:<field>`; without the word in the contract nothing is filled.
"""

from __future__ import annotations

from dataclasses import dataclass

from pipelines.contracts.model import FILL_ABOVE, Contract
from pipelines.storage.connection import quote

FILLED = "filled"
"""Staged text column, only where a contract fills: the fields of the row that were filled, with commas between."""
_BLANKS = " || ".join(["' '", *(f"chr({code})" for code in (9, 10, 13, 0xA0, 0x3000))])


@dataclass(frozen=True)
class Fill:
    """One column to fill."""

    field: str
    place: int  # of its column in the header
    within: int | None  # place of the column whose value must be the same; None: any row above


def fills(contract: Contract, header: list[str]) -> list[Fill]:
    """Columns to fill that came, in an order in which a column is filled before others that hold within it.

    A column whose other one did not come is left as it is.
    """
    places = {
        column.field: header.index(column.physical_name)
        for column in contract.columns
        if column.physical_name in header
    }
    waiting = {c.field: str(c.fill_down) for c in contract.columns if c.fill_down and c.field in places}
    found: list[Fill] = []
    while ready := [name for name, within in waiting.items() if within not in waiting]:
        for name in ready:
            within = waiting.pop(name)
            if within == FILL_ABOVE or within in places:
                found.append(Fill(name, places[name], None if within == FILL_ABOVE else places[within]))
    return found


class Filler:
    """The same as `filled_sql` for rows that are looked at one by one, in their order."""

    def __init__(self, wanted: list[Fill]) -> None:
        self._wanted = wanted
        self._above: dict[tuple[int, str], str] = {}

    def fill(self, values: list[str | None]) -> list[str | None]:
        """The row with its blanks filled."""
        filled = [*values]
        for fill in self._wanted:
            group = "" if fill.within is None else (filled[fill.within] or "").strip()
            own = (filled[fill.place] or "").strip()
            if own:
                self._above[fill.place, group] = own
            elif fill.within is None or group:
                filled[fill.place] = self._above.get((fill.place, group), filled[fill.place])
        return filled


def staged_names(contract: Contract, header: list[str]) -> list[str]:
    """The columns of staged text behind row_number, in order."""
    return [
        "problem",
        "broken",
        *([FILLED] if fills(contract, header) else []),
        *(f"c{index}" for index in range(len(header))),
    ]


def filled_sql(contract: Contract, header: list[str], table: str) -> str:
    """`table` of delivered text with its blanks filled, and with the column `filled`; itself where nothing is to be filled."""
    wanted = fills(contract, header)
    if not wanted:
        return table
    relation = table
    for step, fill in enumerate(wanted):
        column = f"c{fill.place}"
        relation = (
            f"(SELECT * REPLACE ({_above(fill)} AS {column}), {column} AS before_{step} FROM {relation})"
        )
    told = ", ".join(
        f"CASE WHEN {_text(f'c{fill.place}')} IS NOT NULL AND {_text(f'before_{step}')} IS NULL THEN {quote(fill.field)} END"
        for step, fill in enumerate(wanted)
    )
    spare = ", ".join(f"before_{step}" for step in range(len(wanted)))
    return f"(SELECT * EXCLUDE ({spare}), nullif(concat_ws(',', {told}), '') AS {FILLED} FROM {relation})"


def _text(column: str) -> str:
    return f"nullif(trim({column}, {_BLANKS}), '')"


def _above(fill: Fill) -> str:
    """The cell, or the nearest filled one above it in the same group; a row without group or of another width has none."""
    column = f"c{fill.place}"
    group = f"PARTITION BY {_text(f'c{fill.within}')} " if fill.within is not None else ""
    last = (
        f"last_value({_text(column)} IGNORE NULLS) OVER ({group}ORDER BY row_number ROWS UNBOUNDED PRECEDING)"
    )
    has_group = f" AND {_text(f'c{fill.within}')} IS NOT NULL" if fill.within is not None else ""
    return f"CASE WHEN {_text(column)} IS NULL AND problem IS NULL{has_group} THEN {last} ELSE {column} END"


def filled_repair(field: str) -> str:
    """The repair code of one field's filling, over the staged column."""
    return (
        f"CASE WHEN list_contains(string_split({FILLED}, ','), {quote(field)}) THEN 'filled_down:{field}' END"
    )
