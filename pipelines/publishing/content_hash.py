"""A hash of what a table says, whatever the order of its rows, the threads or the file it lies in."""

from __future__ import annotations

import hashlib

import duckdb

from pipelines.publishing.version import TableFacts

_LOWER_64_BITS = 2**64 - 1


def quote_name(name: str) -> str:
    """A SQL identifier."""
    return '"' + name.replace('"', '""') + '"'


def table_facts(conn: duckdb.DuckDBPyConnection, catalog: str, schema: str, table: str) -> TableFacts:
    """Row count, columns and content hash of one table, in one scan.

    The hash covers column names, types and order, the row count, and the sum of a 128-bit number per row. A
    sum, not an exclusive or: with the latter a row that stands twice would vanish. It tells changes apart, it
    is no protection against someone who forges rows.
    """
    columns = _columns(conn, catalog, schema, table)
    relation = ".".join(quote_name(part) for part in (catalog, schema, table))
    row = conn.execute(
        f"""
        select
            count(*),
            coalesce(sum((number >> 64)::ubigint), 0),
            coalesce(sum((number & {_LOWER_64_BITS}::uhugeint)::ubigint), 0)
        from (select md5_number({_row_text(columns)}) as number from {relation}) as numbers
        """
    ).fetchone()
    assert row is not None
    digest = hashlib.sha256(repr((columns, *(int(part) for part in row))).encode()).hexdigest()
    return TableFacts(rows=int(row[0]), content_hash=digest, columns=columns)


def _columns(
    conn: duckdb.DuckDBPyConnection, catalog: str, schema: str, table: str
) -> tuple[tuple[str, str], ...]:
    found = conn.execute(
        """
        select column_name, data_type from duckdb_columns()
        where database_name = ? and schema_name = ? and table_name = ? order by column_index
        """,
        [catalog, schema, table],
    ).fetchall()
    return tuple((str(name), str(kind)) for name, kind in found)


def _row_text(columns: tuple[tuple[str, str], ...]) -> str:
    """Each value with its length in front, so that no two rows have one text; NULL is a lone dash.

    JSON would be shorter to write but turns decimals into doubles.
    """
    parts = []
    for name, kind in columns:
        value = f"{quote_name(name)}::varchar"
        if (
            kind == "TIMESTAMP WITH TIME ZONE"
        ):  # its text depends on the session's time zone; infinity has no epoch
            value = f"coalesce(epoch_us({quote_name(name)})::varchar, {value})"
        parts.append(f"coalesce(length({value}) || ':' || {value}, '-')")
    return " || ".join(parts) or "''"
