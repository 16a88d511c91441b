"""Who was in an export, as encrypted Parquet of keyed tokens, and how often each value was used."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields
from pathlib import Path
from typing import TYPE_CHECKING

from pipelines.exports.rows import Member
from pipelines.storage.connection import PARQUET_WRITE, quote, read_parquet_sql
from pipelines.storage.durable import sync_directory, sync_file

if TYPE_CHECKING:
    import duckdb


def write_members(conn: duckdb.DuckDBPyConnection, path: Path, members: Sequence[Member]) -> None:
    """Write the members of one export, durably. The connection is prepared and may reach files."""
    import pyarrow as pa  # noqa: PLC0415

    columns = [field.name for field in fields(Member)]
    table = pa.table(
        {name: pa.array([getattr(member, name) for member in members], pa.string()) for name in columns}
    )
    half = path.with_name(f".{path.name}.half")
    conn.register("members", table)
    conn.execute(f"COPY (SELECT * FROM members) TO {quote(str(half))} ({PARQUET_WRITE})")
    conn.unregister("members")
    sync_file(half)
    half.replace(path)
    sync_directory(path.parent)


def uses_of(conn: duckdb.DuckDBPyConnection, paths: Sequence[Path]) -> list[tuple[str, str, int]]:
    """(source_system, value_token, uses) of every value that a source was charged for."""
    if not paths:
        return []
    return conn.execute(
        f"SELECT charged_source, value_token, count(*) FROM {read_parquet_sql(list(paths))} "
        "WHERE charged_source IS NOT NULL GROUP BY charged_source, value_token"
    ).fetchall()


def read_roles(conn: duckdb.DuckDBPyConnection, path: Path) -> list[Member]:
    """Who was sent and who was held out in one export."""
    columns = ", ".join(field.name for field in fields(Member))
    rows = conn.execute(
        f"SELECT {columns} FROM {read_parquet_sql([path])} WHERE role IN ('sent', 'held_out')"
    ).fetchall()
    return [Member(*row) for row in rows]


def read_members(conn: duckdb.DuckDBPyConnection, paths: Sequence[Path]) -> list[Member]:
    """Who is with the receiver after these exports, in their order: everybody sent, without those who left later."""
    found: dict[tuple[str, str], Member] = {}
    columns = ", ".join(field.name for field in fields(Member))
    for path in paths:
        for row in conn.execute(
            f"SELECT {columns} FROM {read_parquet_sql([path])} WHERE role IN ('sent', 'left')"
        ).fetchall():
            member = Member(*row)
            key = (member.customer_token, member.value_token)
            if member.role == "left":
                found.pop(key, None)
            else:
                found[key] = member
    return list(found.values())
