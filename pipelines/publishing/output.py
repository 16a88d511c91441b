"""Query results as CSV, JSON or a table on a text stream."""

from __future__ import annotations

import csv
import json
import math
from collections.abc import Callable, Iterator
from decimal import Decimal
from itertools import chain, islice
from typing import Any, TextIO

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table
from rich.text import Text

from pipelines.publishing.query import QueryError, QueryResult

_TABLE_ROWS = 500  # a table is laid out in memory, and nobody reads more of one


def write_result(result: QueryResult, stream: TextIO, output_format: str) -> int:
    """Write all rows in the format named (csv, json, table); return how many were written.

    CSV: RFC 4180, a header line, NULL as an empty field. JSON: an array of objects, dates as ISO 8601 text,
    decimals as numbers where a double holds them exactly, else text. Table: the first 500 rows, and a line
    that says so; one record below the other, empty fields left out, where the lines are wider than the screen.
    """
    writer = _WRITERS.get(output_format)
    if writer is None:
        raise QueryError(f"Unknown format '{output_format}'; expected one of {', '.join(sorted(_WRITERS))}.")
    return writer(result, stream)


def _write_csv(result: QueryResult, stream: TextIO) -> int:
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(result.columns)
    count = 0
    for row in result.rows:
        writer.writerow([_csv_value(value) for value in row])
        count += 1
    return count


def _write_json(result: QueryResult, stream: TextIO) -> int:
    count = 0
    stream.write("[")
    for row in result.rows:
        stream.write(",\n " if count else "\n ")
        fields = dict(zip(result.columns, map(_plain, row), strict=True))
        stream.write(json.dumps(fields, ensure_ascii=False, allow_nan=False))
        count += 1
    stream.write("\n]\n" if count else "]\n")
    return count


def _write_table(result: QueryResult, stream: TextIO) -> int:
    rows: Iterator[tuple[Any, ...]] = iter(result.rows)
    names = [_printable(column) for column in result.columns]
    shown = [[_printable(_csv_value(value)) for value in row] for row in islice(rows, _TABLE_ROWS)]
    console = Console(file=stream, highlight=False)
    table = Table(box=SIMPLE_HEAD)
    for name in names:
        table.add_column(Text(name), overflow="fold")
    for row in shown:
        table.add_row(*map(Text, row))
    wide = console.options.update(width=sum(map(len, chain(names, *shown))) * 2 + 10 * len(names) + 10)
    if len(names) > 1 and console.measure(table, options=wide).maximum > console.width:
        _print_records(console, names, shown)
    else:
        console.print(table)
    if next(rows, None) is not None:
        console.print(f"The first {_TABLE_ROWS} rows; all of them with --format csv.")
    return len(shown)


def _print_records(console: Console, names: list[str], rows: list[list[str]]) -> None:
    """Forty columns side by side would be a letter wide each."""
    for number, row in enumerate(rows, start=1):
        console.rule(Text(f"row {number}"), align="left")
        record = Table(box=None, show_header=False, padding=(0, 2, 0, 0))
        record.add_column(no_wrap=True)
        record.add_column(overflow="fold")
        for name, value in zip(names, row, strict=True):
            if value:
                record.add_row(Text(name, "dim"), Text(value))
        console.print(record)
    if not rows:
        console.print(Text(f"No row; columns {', '.join(names)}."))


_WRITERS: dict[str, Callable[[QueryResult, TextIO], int]] = {
    "csv": _write_csv,
    "json": _write_json,
    "table": _write_table,
}


def _csv_value(value: Any) -> str:
    plain = _plain(value) if isinstance(value, (dict, list, tuple, bytes)) else value
    if plain is None:
        return ""
    if isinstance(plain, bool):
        return "true" if plain else "false"
    return json.dumps(plain, ensure_ascii=False) if isinstance(plain, (dict, list)) else str(plain)


def _plain(value: Any) -> Any:
    """The value in types that JSON has."""
    if isinstance(value, dict):
        return {str(key): _plain(inner) for key, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(inner) for inner in value]
    if isinstance(value, (float, Decimal)):
        return _plain_number(value)
    if value is None or isinstance(value, (bool, int, str)):
        return value
    return value.hex() if isinstance(value, bytes) else _plain_text(value)


def _plain_number(value: float | Decimal) -> float | str | None:
    if not math.isfinite(value):
        return None
    number = float(value)
    return number if isinstance(value, float) or Decimal(str(number)) == value else str(value)


def _plain_text(value: Any) -> str:
    return str(value.isoformat()) if hasattr(value, "isoformat") else str(value)


def _printable(text: str) -> str:
    """Control characters would move the terminal's cursor or worse."""
    return "".join(sign if sign.isprintable() else " " for sign in text)
