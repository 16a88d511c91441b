"""A header that stands on another line than the contract says: one note more above it, or a title that was not there before.

It is looked for only where the declared line lacks a column that the contract demands, and taken only from a line that has
all of these; everything else about the file stays as the contract says.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import islice
from pathlib import Path

from pipelines.contracts.headers import column_key
from pipelines.contracts.model import Column, Contract, Server
from pipelines.errors import DeliveryError
from pipelines.ingest.header_line import HEAD
from pipelines.ingest.readers import head_lines

_LINED = frozenset({"csv", "tsv", "xlsx"})


def needed_columns(contract: Contract) -> list[Column]:
    """Columns without which no row can be taken."""
    return [column for column in contract.columns if column.required or column.field in contract.key]


def where_header(path: Path, contract: Contract) -> tuple[int | None, int | None]:
    """Line (from 1) of the header near the declared one, and the line with most of the contract's names if it is none.

    Both None where the format has no lines, nothing is there, or the contract demands no column and hardly any is seen.
    """
    server = contract.server
    if server.format not in _LINED:
        return None, None
    try:
        lines = list(islice(head_lines(path, server), HEAD))
    except DeliveryError:
        return None, None
    declared = server.header_row or 1
    mapped = {column_key(column.physical_name) for column in contract.columns}
    needed = {column_key(column.physical_name) for column in needed_columns(contract)}
    counts = [
        (len(_keys(cells) & mapped), number, needed <= _keys(cells)) for number, cells in enumerate(lines, 1)
    ]
    enough = max(1, (len(mapped) + 1) // 2) if not needed else 1
    whole = [
        (count, -abs(number - declared), number)
        for count, number, has_all in counts
        if has_all and count >= enough
    ]
    if whole:
        return max(whole)[2], None
    seen = max(
        ((count, -abs(number - declared), number) for count, number, _ in counts if count > 1), default=None
    )
    return None, seen[2] if seen else None


def _keys(cells: Sequence[str | None]) -> set[str]:
    return {column_key(cell) for cell in cells if cell}


def with_header_at(contract: Contract, line: int) -> Contract:
    """The contract for a file whose header stands on this line."""
    server: Server = replace(contract.server, header_row=line)
    return replace(contract, server=server)
