"""Reads the tables of tricky values and tells what a function got wrong: `python -m tests.unit.functions.tricky_tables`."""

from __future__ import annotations

import csv
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

from pipelines.functions.registry import FUNCTIONS

FOLDER = Path(__file__).parent / "tables"
_BY_NAME: dict[str, Callable[..., Any]] = {f.name: f.function for f in FUNCTIONS}
_PARAMETERS = {f.name: f.parameters for f in FUNCTIONS}

# Table -> the SQL function that it is about. The function's parameters are the table's input columns.
TABLES: dict[str, str | None] = {
    "phones": "standardise_phone",
    "emails": "standardise_email",
    "dates": "parse_date",
    "countries": "country_code",
    "identifiers": "standardise_identifier",
    "passports": "standardise_passport",
    "organisations": "standardise_organisation",
    "names": "standardise_name",
    "addresses": "standardise_address",
    "coded_values": None,  # each row names its function
}


@cache
def read_table(name: str) -> list[dict[str, str | None]]:
    """The rows of a table; a blank cell is None."""
    with (FOLDER / f"{name}.psv").open(encoding="utf-8", newline="") as file:
        lines = csv.reader(file, delimiter="|", quoting=csv.QUOTE_NONE)
        header = next(lines)
        return [dict(zip(header, (cell or None for cell in line), strict=True)) for line in lines]


def wrong_columns(name: str, row: dict[str, str | None]) -> dict[str, tuple[str | None, str | None]]:
    """Column -> (expected, found) for what differs; a function that answers one value fills column `value`."""
    function = TABLES[name] or row["function"] or ""
    parameters = _PARAMETERS[function]
    found = _BY_NAME[function](*(row.get(parameter) for parameter in parameters))
    if not isinstance(found, dict):
        found = {"value": found}
    # `=country` is the country found where `country` is an input too.
    expected = {
        column.removeprefix("="): cell
        for column, cell in row.items()
        if column not in (*parameters, "function", "country")
    }
    return {
        column: (cell, _text(found[column]))
        for column, cell in expected.items()
        if _text(found[column]) != cell
    }


def _text(value: Any) -> str | None:
    if value is None or value == "":
        return None
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, list):
        return "/".join(value)
    return str(value)


def main() -> None:
    """Print the accuracy of every table and the rows that are wrong."""
    for name in TABLES:
        wrong = [(row, bad) for row in read_table(name) if (bad := wrong_columns(name, row))]
        total = len(read_table(name))
        print(f"{name:<14}{total - len(wrong):>4} of {total:>4} rows right  {1 - len(wrong) / total:.1%}")  # noqa: T201
        for row, bad in wrong:
            print("   ", [cell for cell in row.values() if cell][:2], bad)  # noqa: T201


if __name__ == "__main__":
    main()
