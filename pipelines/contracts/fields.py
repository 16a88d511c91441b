"""The canonical fields: the one place that says which columns a record of each kind has.

`canonical_fields.csv` beside this module is the table; adding a line there adds the field to contracts, raw
files and staging at once. Nothing else lists fields.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from pipelines.contracts.vocabularies import KINDS

DUCKDB_TYPES = {
    "string": "VARCHAR",
    "date": "DATE",
    "timestamp": "TIMESTAMP",
    "decimal": "DECIMAL(18,4)",
    "integer": "BIGINT",
    "number": "DOUBLE",
    "boolean": "BOOLEAN",
}

LINEAGE = {
    "source_system": "VARCHAR",
    "delivery_id": "VARCHAR",
    "row_number": "BIGINT",
    "loaded_at": "TIMESTAMP",
    "record_hash": "VARCHAR",
    "operation": "VARCHAR",
}
"""Columns that ingest adds to every raw row, with their DuckDB types (`source_record_id` is canonical).

`operation` is `upsert`, or `close` for the row that ends a record which a snapshot no longer holds.
"""


@dataclass(frozen=True)
class Field:
    """One canonical field; a repeated one appears once per repetition (`phone`, `phone_2`)."""

    name: str
    kinds: frozenset[str]
    type: str
    sensitivity: str
    description: str
    is_later: bool = False
    """Came after the first release: a row that does not deliver it keeps the hash, and the derived key, that it had before."""

    @property
    def duckdb_type(self) -> str:
        return DUCKDB_TYPES[self.type]


@cache
def canonical_fields() -> tuple[Field, ...]:
    """Every canonical field in the order of the table, repetitions expanded."""
    text = files(__package__).joinpath("canonical_fields.csv").read_text(encoding="utf-8")
    found: list[Field] = []
    for row in csv.DictReader(text.splitlines()):
        kinds = frozenset(KINDS) if row["kinds"] == "*" else frozenset(row["kinds"].split())
        for turn in range(1, int(row["repeats"]) + 1):
            name = row["field"] if turn == 1 else f"{row['field']}_{turn}"
            is_later = row["is_later"] == "true"
            found.append(Field(name, kinds, row["type"], row["sensitivity"], row["description"], is_later))
    return tuple(found)


@cache
def fields_of(kind: str) -> dict[str, Field]:
    """Canonical fields of one record kind by name, in table order."""
    return {field.name: field for field in canonical_fields() if kind in field.kinds}


@cache
def raw_schema(kind: str) -> dict[str, str]:
    """Column -> DuckDB type of a raw row of `kind`: lineage, canonical fields, and `extra` (JSON text)."""
    columns = dict(LINEAGE)
    columns.update({field.name: field.duckdb_type for field in fields_of(kind).values()})
    columns["extra"] = "VARCHAR"
    return columns
