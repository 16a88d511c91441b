"""Workbooks (xlsx): one sheet or several alike, the header on the line that the contract names."""

from __future__ import annotations

import fnmatch
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pipelines.contracts.model import Server
from pipelines.errors import DeliveryError
from pipelines.ingest.opening import BOMB_BYTES, MAX_RATIO

Cells = list[list[Any]]


def read_workbook(
    path: Path, server: Server
) -> tuple[list[str], Iterator[tuple[int, list[str | None], str | None]]]:
    """Header and rows of the sheets that `sheet` names (a pattern; none: the first). Raises DeliveryError."""
    tables = [_table(cells, server, path.name) for cells in _sheets(path, server)]
    header = tables[0][0] if tables else []
    if any(other != header for other, _ in tables):
        raise DeliveryError(
            "sheets_differ", f"{path.name} has sheets with different columns; give each its own contract."
        )
    return header, _rows([rows for _, rows in tables], len(header))


def _rows(tables: list[Cells], width: int) -> Iterator[tuple[int, list[str | None], str | None]]:
    number = 0
    for rows in tables:
        for row in rows:
            values = [_cell(value) for value in row]
            if any(values):
                number += 1
                spare = any(values[width:])
                yield (
                    number,
                    values if spare else (values + [None] * width)[:width],
                    "wrong_column_count" if spare else None,
                )


def _sheets(path: Path, server: Server) -> list[Cells]:
    from python_calamine import CalamineWorkbook  # noqa: PLC0415 - only where a workbook comes

    try:
        _check_size(path)
        book = CalamineWorkbook.from_path(str(path))
        names = book.sheet_names
        wanted = (
            [name for name in names if fnmatch.fnmatchcase(name, server.sheet)] if server.sheet else names[:1]
        )
        found = [book.get_sheet_by_name(name).to_python(skip_empty_area=False) for name in wanted]
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
    with zipfile.ZipFile(path) as archive:
        unfolded = sum(info.file_size for info in archive.infolist())
    if unfolded > BOMB_BYTES and unfolded > MAX_RATIO * path.stat().st_size:
        raise DeliveryError(
            "decompression_bomb",
            f"{path.name} unfolds to {unfolded:,} bytes; expected a list of ordinary size.",
        )


def _table(cells: Cells, server: Server, file_name: str) -> tuple[list[str], Cells]:
    filled = [index for index, row in enumerate(cells) if any(value not in ("", None) for value in row)]
    if not filled:
        return [], []
    first = server.header_row - 1 if server.header_row else filled[0]
    if first >= len(cells):
        raise DeliveryError(
            "empty_file",
            f"{file_name} ends before line {server.header_row}, where the contract expects the header.",
        )
    header = [(_cell(value) or "").strip() for value in cells[first]]
    while header and not header[-1]:
        header.pop()
    return header, cells[first + 1 :]


def _cell(value: Any) -> str | None:
    if value in ("", None):
        return None
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return value.isoformat(sep=" ") if hasattr(value, "hour") and hasattr(value, "year") else str(value)
