"""Workbooks (xlsx): one sheet or several alike, the header on the line that the contract names."""

from __future__ import annotations

import fnmatch
import re
import zipfile
from collections.abc import Collection, Iterator
from itertools import islice
from pathlib import Path
from typing import IO, Any

from pipelines.contracts.headers import column_key
from pipelines.contracts.model import Server
from pipelines.errors import DeliveryError
from pipelines.ingest.opening import BOMB_BYTES, MAX_RATIO
from pipelines.ingest.typed_numbers import unmistakable

_MOST_CELLS = 30_000_000  # a full sheet of Excel with 28 columns
_CELL = re.compile(rb' r="([A-Z]{1,3})([0-9]{1,7})"')
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f]")
_BLOCK = 1 << 20

Cells = Iterator[list[Any]]


def read_workbook(
    path: Path, server: Server, numbers: frozenset[str] = frozenset()
) -> tuple[list[str], Iterator[tuple[int, list[str | None], str | None]]]:
    """Header and rows of the sheets that `sheet` names (a pattern; none: the first), the typed numbers of the columns
    `numbers` with one reading. Raises DeliveryError."""
    tables = [_table(sheet, server, path.name) for sheet in _sheets(path, server)]
    header = tables[0][0] if tables else []
    keys = [[column_key(name) for name in names] for names, _ in tables]
    if any(other != keys[0] for other in keys):
        raise DeliveryError(
            "sheets_differ", f"{path.name} has sheets with different columns; give each its own contract."
        )
    places = [place for place, name in enumerate(header) if column_key(name) in numbers]
    return header, _rows([rows for _, rows in tables], len(header), places)


def _rows(
    tables: list[Cells], width: int, numbers: list[int]
) -> Iterator[tuple[int, list[str | None], str | None]]:
    number = 0
    for rows in tables:
        for row in rows:
            values = [_cell(value) for value in row]
            for place in numbers:
                if place < len(row) and isinstance(row[place], float):
                    values[place] = unmistakable(values[place])
            if any(values):
                number += 1
                spare = any(values[width:])
                yield (
                    number,
                    values if spare else (values + [None] * width)[:width],
                    "wrong_column_count" if spare else None,
                )


def first_lines(path: Path, server: Server) -> Iterator[list[str | None]]:
    """The cells of each line of the first sheet that `sheet` names. Raises DeliveryError."""
    for row in _sheets(path, server)[0].iter_rows():
        yield [_cell(value) for value in row]


def copy_workbook(path: Path, target: Path, server: Server, left_out: Collection[int]) -> None:
    """Write the sheets that are read once more, without the rows of these numbers: values of cells only, no layout.

    Raises DeliveryError.
    """
    from openpyxl import Workbook  # noqa: PLC0415 - only where somebody is erased
    from openpyxl.cell import WriteOnlyCell  # noqa: PLC0415

    book, number = Workbook(write_only=True), 0
    for sheet in _sheets(path, server):
        copy, is_row = book.create_sheet(sheet.name), False
        for line, row in enumerate(sheet.iter_rows(), 1):
            is_filled = any(_cell(value) for value in row)
            number += is_row and is_filled
            if not (is_row and is_filled and number in left_out):
                cells = [WriteOnlyCell(copy, value=_writable(value)) for value in row]
                for cell, value in zip(cells, row, strict=True):
                    if isinstance(value, str):
                        cell.data_type = "s"  # text that begins as a formula is text
                copy.append(cells)
            is_row = is_row or (line == server.header_row if server.header_row else is_filled)
    book.save(target)


def _writable(value: Any) -> Any:
    """Text without the control characters that no workbook holds."""
    return _CONTROL.sub("", value) if isinstance(value, str) else value


def sheet_heads(path: Path, lines: int) -> dict[str, list[list[str | None]]]:
    """The first lines of every sheet that is not empty, by name. Raises DeliveryError."""
    sheets = _sheets(path, Server(path=path.name, format="xlsx", sheet="*"))
    heads = {
        sheet.name: [[_cell(value) for value in row] for row in islice(sheet.iter_rows(), lines)]
        for sheet in sheets
    }
    return {name: rows for name, rows in heads.items() if rows}


def _sheets(path: Path, server: Server) -> list[Any]:
    from python_calamine import CalamineWorkbook  # noqa: PLC0415 - only where a workbook comes

    try:
        _check_size(path)
        book = CalamineWorkbook.from_path(str(path))
        names = book.sheet_names
        wanted = (
            [name for name in names if fnmatch.fnmatchcase(name, server.sheet)] if server.sheet else names[:1]
        )
        found = [book.get_sheet_by_name(name) for name in wanted]
    except DeliveryError:
        raise
    except Exception as error:  # the reader has no common base
        raise DeliveryError(
            "unreadable",
            f"{path.name} does not open as a workbook ({type(error).__name__}); deliver it as xlsx.",
        ) from None
    if not found:
        raise DeliveryError(
            "missing_sheet",
            f"{path.name} has {len(names)} sheet(s), none of the contract's name {server.sheet}.",
        )
    return found


def _check_size(path: Path) -> None:
    """The reader holds a sheet as a rectangle up to its farthest cell, and ends the process where memory does not do."""
    with zipfile.ZipFile(path) as archive:
        unfolded = sum(info.file_size for info in archive.infolist())
        if unfolded > BOMB_BYTES and unfolded > MAX_RATIO * path.stat().st_size:
            raise DeliveryError(
                "decompression_bomb",
                f"{path.name} unfolds to {unfolded:,} bytes; expected a list of ordinary size.",
            )
        for info in archive.infolist():
            if info.filename.startswith("xl/worksheets/"):
                with archive.open(info) as sheet:
                    rows, columns = _extent(sheet)
                if rows * columns > _MOST_CELLS:
                    raise DeliveryError(
                        "sheet_too_large",
                        f"{path.name} has a sheet that reaches to row {rows:,} and column {columns:,}; expected at most "
                        f"{_MOST_CELLS:,} cells. Delete stray cells beyond the list, or deliver it as csv.",
                    )


def _extent(sheet: IO[bytes]) -> tuple[int, int]:
    """The farthest row and column of the cells in a sheet's XML."""
    rows, columns, rest = 0, 0, b""
    while block := sheet.read(_BLOCK):
        found = _CELL.findall(rest + block)
        rest = block[-20:]  # a cell's name may be cut
        rows = max(rows, max((int(row) for _, row in found), default=0))
        columns = max(columns, max((_column(name) for name in {name for name, _ in found}), default=0))
    return rows, columns


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def _table(sheet: Any, server: Server, file_name: str) -> tuple[list[str], Cells]:
    """The header (empty: the sheet is) and the rows below it."""
    rows = iter(sheet.iter_rows())
    for line, row in enumerate(rows, 1):
        if line == server.header_row or (
            not server.header_row and any(value not in ("", None) for value in row)
        ):
            header = [_cell(value) or "" for value in row]
            while header and not column_key(header[-1]):
                header.pop()
            return header, rows
    if server.header_row and sheet.height:
        raise DeliveryError(
            "empty_file",
            f"{file_name} ends before line {server.header_row}, where the contract expects the header.",
        )
    return [], iter(())


def _cell(value: Any) -> str | None:
    if value in ("", None):
        return None
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return value.isoformat(sep=" ") if hasattr(value, "hour") and hasattr(value, "year") else str(value)
