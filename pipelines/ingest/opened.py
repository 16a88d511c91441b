"""Opening one delivery under its contract: its header, found where it moved to, held against the contract's columns."""

from __future__ import annotations

from pathlib import Path

from pipelines.contracts.headers import by_contract
from pipelines.contracts.model import Contract
from pipelines.errors import DeliveryError
from pipelines.ingest.moved_header import needed_columns, where_header, with_header_at
from pipelines.ingest.readers import Delivered, read_delivery
from pipelines.ingest.row_hashes import absent_columns
from pipelines.ingest.typed_numbers import number_columns

_NO_HEADER = frozenset({"empty_file", "duplicate_header", "sheets_differ", "too_many_columns"})
"""Codes of a file whose declared line may be no header at all."""


def open_delivery(path: Path, contract: Contract) -> tuple[Contract, Delivered, tuple[str, ...]]:
    """The contract as it holds for this file, the opened file, and what there is to tell of its columns.

    Raises DeliveryError for a file that cannot be read, or that lacks a column which the contract demands on every line.
    """
    try:
        delivered = read_again(path, contract)
        lacking = _lacking(delivered, contract)
    except DeliveryError as error:
        if error.code not in _NO_HEADER:
            raise
        return _moved(path, contract, error)
    if lacking:
        told = f"{path.name} lacks {', '.join(lacking[:5])}, which the contract requires"
        return _moved(path, contract, DeliveryError("missing_column", told))
    return contract, delivered, _column_warnings(delivered, contract)


def read_again(path: Path, contract: Contract) -> Delivered:
    """The file from its first row on; rows of an opened one are read once."""
    return read_delivery(path, contract.server, number_columns(contract))


def _lacking(delivered: Delivered, contract: Contract) -> list[str]:
    """Demanded columns that are not there; of a contract that demands none all, where none is."""
    header = by_contract(delivered.header, contract)
    absent = [
        column.physical_name for column in needed_columns(contract) if column.physical_name not in header
    ]
    if not needed_columns(contract) and len(absent_columns(contract, header)) == len(contract.columns):
        return [column.physical_name for column in contract.columns]
    return absent


def _moved(
    path: Path, contract: Contract, error: DeliveryError
) -> tuple[Contract, Delivered, tuple[str, ...]]:
    """The same for a file whose header stands on another line; raises the error where it stands on none."""
    declared = contract.server.header_row or 1
    line, seen = where_header(path, contract)
    if line is None or line == declared:
        if error.code != "missing_column":
            raise error
        if not needed_columns(contract):
            delivered = read_again(path, contract)
            return contract, delivered, _column_warnings(delivered, contract)
        hint = f" Line {seen} has most of its names; is that the header?" if seen and seen != declared else ""
        raise DeliveryError(error.code, f"{error}; deliver it again with them.{hint}")
    moved = with_header_at(contract, line)
    delivered = read_again(path, moved)
    told = f"the header stands on line {line}, not on line {declared} as the contract says; read from there"
    return moved, delivered, (told, *_column_warnings(delivered, moved))


def _column_warnings(delivered: Delivered, contract: Contract) -> tuple[str, ...]:
    header = by_contract(delivered.header, contract)
    mapped = {column.physical_name for column in contract.columns}
    added = [name for name in header if name and name not in mapped]
    told = [f"column {column.physical_name} is absent" for column in absent_columns(contract, header)]
    told += [f"column {name} is not in the contract; kept in extra" for name in added]
    nameless = header.count("")
    return (*told, *([f"{nameless} column(s) without a name; not kept"] if nameless else []))
