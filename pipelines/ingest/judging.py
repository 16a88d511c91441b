"""Judging the cast rows of one delivery: their key and hash, and whether each is taken, known already or quarantined."""

from __future__ import annotations

from datetime import datetime
from itertools import groupby
from pathlib import Path

import duckdb

from pipelines.contracts.fields import LINEAGE, fields_of, raw_schema
from pipelines.contracts.model import Column, Contract
from pipelines.errors import DeliveryError
from pipelines.ingest.earlier import create_latest
from pipelines.ingest.landed import Landed
from pipelines.ingest.manifests import Manifest
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


def judge_rows(
    conn: duckdb.DuckDBPyConnection,
    contract: Contract,
    home: Path,
    earlier: list[Manifest],
    renewed_before: datetime | None = None,
) -> None:
    """View `keyed` (cast rows with their source_record_id) and table `apart`: row_number and verdict of what is not taken.

    `earlier` are the deliveries before this one, oldest first. Only rows that repeat are looked at one by one: they are few.
    A row that was loaded before `renewed_before` is taken again.
    """
    _name_rows(conn, contract)
    # Known only if the key's latest row is this one: a value that went and came back is a change.
    create_latest(conn, contract, home, earlier)
    is_young = f"latest.loaded_at >= TIMESTAMP '{renewed_before}'" if renewed_before else "true"
    conn.execute(f"""
        CREATE TEMP TABLE apart AS
        SELECT row_number, 'quarantined' AS verdict FROM cast_rows WHERE is_bad
        UNION ALL
        SELECT keyed.row_number, 'duplicate'
        FROM keyed JOIN latest ON latest.record_hash = keyed.record_hash AND latest.source_record_id = keyed.record_key
        WHERE NOT keyed.is_bad AND latest.operation = 'upsert' AND {is_young}""")
    if contract.key:
        conn.execute(f"""
            INSERT INTO apart SELECT row_number, 'duplicate'
            FROM (SELECT row_number, min(row_number) OVER (PARTITION BY record_key, record_hash) AS first
                FROM cast_rows WHERE NOT is_bad AND {_repeats("record_key, record_hash")})
            WHERE row_number > first AND row_number NOT IN (SELECT row_number FROM apart)""")


def _name_rows(conn: duckdb.DuckDBPyConnection, contract: Contract) -> None:
    if contract.key:
        conn.execute("CREATE TEMP VIEW keyed AS SELECT * FROM cast_rows")
        return
    # A list without a key: the row's hash and which of its repetitions it is.
    conn.execute(f"""
        CREATE TEMP TABLE repetitions AS
        SELECT row_number, row_number() OVER (PARTITION BY record_hash, is_bad ORDER BY row_number) AS turn
        FROM cast_rows WHERE {_repeats("record_hash, is_bad")}""")
    conn.execute("""
        CREATE TEMP VIEW keyed AS
        SELECT cast_rows.* EXCLUDE (record_key), cast_rows.record_hash || '-' || coalesce(turn, 1) AS record_key
        FROM cast_rows LEFT JOIN repetitions USING (row_number)""")


def _repeats(columns: str) -> str:
    """A condition that holds for every row whose columns stand in another row too (and, by chance, for a few others)."""
    return f"hash({columns}) IN (SELECT hash({columns}) FROM cast_rows GROUP BY ALL HAVING count(*) > 1)"


def split_rows(  # noqa: PLR0913 - one delivery's surroundings
    conn: duckdb.DuckDBPyConnection,
    contract: Contract,
    present: set[str],
    landed: Landed,
    loaded_at: datetime,
    *,
    is_limited: bool = True,
) -> None:
    """Views `accepted` (with the closings of a snapshot) and `quarantined`; without limit a snapshot may shrink at will."""
    lineage = {"source_system": quote(contract.id), "delivery_id": quote(landed.delivery_id), "row_number": "row_number",
               "loaded_at": f"TIMESTAMP '{loaded_at}'", "record_hash": "record_hash", "operation": "'upsert'",
               "source_record_id": "record_key"}  # fmt: skip
    present = (present | {"extra"}) - {"source_record_id"}
    columns = ", ".join(
        f"({lineage.get(name, name if name in present else 'NULL')})::{kind} AS {name}"
        for name, kind in stored_schema(contract, present).items()
    )
    closings = ""
    if contract.delivery_mode == "snapshot":
        if is_limited:
            _check_shrink(conn, contract, landed)
        closings = f"UNION ALL {_closings_sql(contract, present, landed, loaded_at)}"
    conn.execute(f"""
        CREATE TEMP VIEW accepted AS
        SELECT {columns} FROM keyed WHERE row_number NOT IN (SELECT row_number FROM apart)
        {closings}""")
    lines = ", ".join(f"({lineage[name]})::{kind} AS {name}" for name, kind in LINEAGE.items())
    conn.execute(f"""
        CREATE TEMP VIEW quarantined AS
        SELECT {lines}, array_to_string(reasons, ';') AS reasons, delivered
        FROM keyed WHERE is_bad ORDER BY row_number""")


def _check_shrink(conn: duckdb.DuckDBPyConnection, contract: Contract, landed: Landed) -> None:
    held, gone, rows = conn.execute("""
        SELECT count(*) FILTER (operation = 'upsert'),
            count(*) FILTER (operation = 'upsert' AND source_record_id NOT IN (SELECT record_key FROM keyed
                WHERE record_key IS NOT NULL)),
            (SELECT count(*) FROM keyed)
        FROM latest""").fetchone() or (0, 0, 0)
    if not rows and held:
        raise DeliveryError(
            "empty_snapshot",
            f"{landed.path.name} is a snapshot without rows; {held} records would be closed.",
        )
    if held and gone / held > contract.shrink_limit:
        raise DeliveryError(
            "shrink", f"{landed.path.name} lacks {gone} of {held} records ({gone / held:.0%}), more than the contract's "
            f"shrinkLimit of {contract.shrink_limit:.0%}; deliver the whole list or raise the limit."
        )  # fmt: skip


def _closings_sql(contract: Contract, present: set[str], landed: Landed, loaded_at: datetime) -> str:
    values = {"source_system": quote(contract.id), "delivery_id": quote(landed.delivery_id), "row_number": "0",
              "loaded_at": f"TIMESTAMP '{loaded_at}'", "record_hash": "md5('closed')", "operation": "'close'",
              "source_record_id": "source_record_id"}  # fmt: skip
    # The closing carries the delivery's time in updated_at, so that it follows what it closes.
    values["updated_at"] = f"TIMESTAMP '{landed.delivered_at}'"
    columns = ", ".join(
        f"({values.get(name, 'NULL')})::{kind} AS {name}"
        for name, kind in stored_schema(contract, present).items()
    )
    return f"""SELECT {columns} FROM latest
        WHERE operation = 'upsert' AND source_record_id NOT IN (SELECT record_key FROM keyed
            WHERE record_key IS NOT NULL)"""
