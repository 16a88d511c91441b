"""Judging the cast rows of one delivery: their key and hash, and whether each is taken, known already or quarantined."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import duckdb

from pipelines.contracts.fields import LINEAGE, fields_of, raw_schema
from pipelines.contracts.model import Contract
from pipelines.errors import DeliveryError
from pipelines.ingest.landed import Landed
from pipelines.ingest.raw_store import raw_relation_sql
from pipelines.storage.connection import quote


def delivered_fields(contract: Contract, header: list[str]) -> set[str]:
    """Canonical fields of the contract whose columns are there."""
    return {column.field for column in contract.columns if column.physical_name in header}


def judge_rows(conn: duckdb.DuckDBPyConnection, contract: Contract, present: set[str], home: Path) -> None:
    """Table `judged`: row_number, key, hash and verdict. Narrow on purpose: the wide rows are copied only once."""
    hashed = ", ".join(
        f"coalesce('=' || {name}::VARCHAR, '-')" if name in present or name == "extra" else "'-'"
        for name in [*fields_of(contract.kind), "extra"]
        if name != "source_record_id" or contract.key == ("source_record_id",)
    )
    key = " || '|' || ".join(f"{name}::VARCHAR" for name in contract.key) or (
        "record_hash || '-' || row_number() OVER (PARTITION BY record_hash, is_bad ORDER BY row_number)"
    )
    conn.execute(f"""
        CREATE TEMP TABLE keyed AS
        SELECT row_number, record_hash, is_bad, {key} AS source_record_id
        FROM (SELECT *, md5(concat_ws(chr(31), {hashed})) AS record_hash, len(reasons) > 0 AS is_bad FROM cast_rows)""")
    earlier = raw_relation_sql(home, contract.kind, contract.id)
    # Known only if the key's latest row is this one: a value that went and came back is a change.
    conn.execute(f"""
        CREATE TEMP TABLE latest AS
        SELECT source_record_id, arg_max(record_hash, (loaded_at, row_number)) AS record_hash,
            arg_max(operation, (loaded_at, row_number)) AS operation
        FROM ({earlier}) GROUP BY source_record_id""")
    conn.execute("""
        CREATE TEMP TABLE judged AS
        SELECT keyed.*, CASE
            WHEN is_bad THEN 'quarantined'
            WHEN latest.record_hash = keyed.record_hash AND latest.operation = 'upsert' THEN 'duplicate'
            WHEN keyed.row_number > min(keyed.row_number) OVER (PARTITION BY keyed.source_record_id, keyed.record_hash, is_bad)
                THEN 'duplicate'
            ELSE 'accepted' END AS verdict
        FROM keyed LEFT JOIN latest ON keyed.source_record_id = latest.source_record_id""")


def split_rows(
    conn: duckdb.DuckDBPyConnection,
    contract: Contract,
    present: set[str],
    landed: Landed,
    loaded_at: datetime,
) -> None:
    """Views `accepted` (with the closings of a snapshot) and `quarantined`."""
    lineage = {"source_system": quote(contract.id), "delivery_id": quote(landed.delivery_id), "row_number": "row_number",
               "loaded_at": f"TIMESTAMP '{loaded_at}'", "record_hash": "judged.record_hash", "operation": "'upsert'",
               "source_record_id": "judged.source_record_id"}  # fmt: skip
    present = (present | {"extra"}) - {"source_record_id"}
    columns = ", ".join(
        f"({lineage.get(name, name if name in present else 'NULL')})::{kind} AS {name}"
        for name, kind in raw_schema(contract.kind).items()
    )
    closings = ""
    if contract.delivery_mode == "snapshot":
        _check_shrink(conn, contract, landed)
        closings = f"UNION ALL {_closings_sql(contract, landed, loaded_at)}"
    conn.execute(f"""
        CREATE TEMP VIEW accepted AS
        SELECT {columns} FROM judged JOIN cast_rows USING (row_number) WHERE verdict = 'accepted'
        {closings} ORDER BY row_number""")
    lines = ", ".join(f"({lineage[name]})::{kind} AS {name}" for name, kind in LINEAGE.items())
    conn.execute(f"""
        CREATE TEMP VIEW quarantined AS
        SELECT {lines}, array_to_string(reasons, ';') AS reasons, coalesce(broken, to_json(staged)::VARCHAR) AS delivered
        FROM judged JOIN cast_rows USING (row_number) JOIN staged USING (row_number)
        WHERE verdict = 'quarantined' ORDER BY row_number""")


def _check_shrink(conn: duckdb.DuckDBPyConnection, contract: Contract, landed: Landed) -> None:
    held, gone, rows = conn.execute("""
        SELECT count(*) FILTER (operation = 'upsert'),
            count(*) FILTER (operation = 'upsert' AND source_record_id NOT IN (SELECT source_record_id FROM keyed
                WHERE source_record_id IS NOT NULL)),
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


def _closings_sql(contract: Contract, landed: Landed, loaded_at: datetime) -> str:
    values = {"source_system": quote(contract.id), "delivery_id": quote(landed.delivery_id), "row_number": "0",
              "loaded_at": f"TIMESTAMP '{loaded_at}'", "record_hash": "md5('closed')", "operation": "'close'",
              "source_record_id": "source_record_id"}  # fmt: skip
    # The closing carries the delivery's time in updated_at, so that it follows what it closes.
    values["updated_at"] = f"TIMESTAMP '{landed.delivered_at}'"
    columns = ", ".join(
        f"({values.get(name, 'NULL')})::{kind} AS {name}" for name, kind in raw_schema(contract.kind).items()
    )
    return f"""SELECT {columns} FROM latest
        WHERE operation = 'upsert' AND source_record_id NOT IN (SELECT source_record_id FROM keyed
            WHERE source_record_id IS NOT NULL)"""
