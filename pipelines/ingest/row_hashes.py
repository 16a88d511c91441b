"""Which columns a stored row has, and the hash and key by which it is known again."""

from __future__ import annotations

from itertools import groupby

from pipelines.contracts.fields import LINEAGE, fields_of, raw_schema
from pipelines.contracts.model import Column, Contract
from pipelines.storage.connection import quote


def delivered_fields(contract: Contract, header: list[str]) -> set[str]:
    """Canonical fields of the contract whose columns are there."""
    return {column.field for column in contract.columns if column.physical_name in header}


def absent_columns(contract: Contract, header: list[str]) -> list[Column]:
    """Columns of the contract that a delivery with this header lacks."""
    return [column for column in contract.columns if column.physical_name not in header]


def stored_schema(contract: Contract, present: set[str]) -> dict[str, str]:
    """Column -> DuckDB type of the rows to store: of a kind's fields those that were delivered.

    A closing of a snapshot needs its time.
    """
    kept = {*LINEAGE, "source_record_id", "extra", *present}
    if contract.delivery_mode == "snapshot":
        kept.add("updated_at")
    return {name: kind for name, kind in raw_schema(contract.kind).items() if name in kept}


def hashed_sql(contract: Contract, present: set[str], table: str) -> str:
    """`table` (of cast rows) with record_hash, and record_key where the contract names a key."""
    parts: list[str] = []
    fields = fields_of(contract.kind)
    for name in [*fields, "extra"]:
        if name in fields and fields[name].is_later and name not in present:
            continue
        if name != "source_record_id" or contract.key == ("source_record_id",):
            # "=" and the value, or "-" for none, so that an empty text is not a null.
            has = name in present or name == "extra"
            parts += (
                ["chr(31)", f"CASE WHEN {name} IS NULL THEN '-' ELSE '=' END", name]
                if has
                else ["chr(31)", "'-'"]
            )
    key = " || '|' || ".join(f"{name}::VARCHAR" for name in contract.key) or "NULL::VARCHAR"
    return f"""
        SELECT *, md5(concat({", ".join(_merged(parts[1:]))})) AS record_hash, {key} AS record_key
        FROM ({table})"""


def _merged(parts: list[str]) -> list[str]:
    """Neighbouring constants as one: most of a kind's fields are not delivered."""
    constants = {"chr(31)": chr(31), "'-'": "-"}
    merged: list[str] = []
    for is_constant, run in groupby(parts, key=lambda part: part in constants):
        listed = list(run)
        merged += [quote("".join(constants[part] for part in listed))] if is_constant else listed
    return merged
