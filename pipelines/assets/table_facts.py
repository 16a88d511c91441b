"""What an asset page shows of a built table: rows, columns, and for identity the evidence in numbers and a picture."""

from __future__ import annotations

import base64
import io
from collections import defaultdict
from collections.abc import Collection
from typing import Any

import dagster as dg
import duckdb


def table_facts(conn: duckdb.DuckDBPyConnection, names: Collection[str]) -> dict[str, dict[str, Any]]:
    """Row count and column schema of the named tables of the build; dbt's names are unique across schemas."""
    columns: dict[tuple[str, str], list[dg.TableColumn]] = defaultdict(list)
    for schema, table, column, kind in conn.execute(
        "SELECT schema_name, table_name, column_name, data_type FROM duckdb_columns() "
        "WHERE database_name = 'warehouse' AND list_contains(?, table_name) ORDER BY schema_name, table_name, column_index",
        [list(names)],
    ).fetchall():
        columns[schema, table].append(dg.TableColumn(name=column, type=kind))
    counts = _row_counts(conn, list(columns))
    return {
        place[1]: {
            "dagster/row_count": counts[place],
            "dagster/column_schema": dg.TableSchema(columns=found),
        }
        for place, found in columns.items()
    }


def _row_counts(conn: duckdb.DuckDBPyConnection, places: list[tuple[str, str]]) -> dict[tuple[str, str], int]:
    if not places:
        return {}
    each = [f'(SELECT count(*) FROM warehouse."{schema}"."{table}")' for schema, table in places]
    counts = conn.execute(f"SELECT {', '.join(each)}").fetchall()[0]
    return dict(zip(places, map(int, counts), strict=True))


def broken_rules(conn: duckdb.DuckDBPyConnection, test_sql: str) -> dict[str, int]:
    """The rules that a failed test of the kind `holds` names, with the number of rows that break each; no value of a row.

    Nothing for a test of another kind, or one whose tables are not there.
    """
    try:
        return dict(conn.execute(f"SELECT rule, failures FROM ({test_sql}) ORDER BY rule").fetchall())
    except duckdb.Error:
        return {}


def layer_evidence(conn: duckdb.DuckDBPyConnection, key: dg.AssetKey) -> dict[str, Any]:
    """Extra metadata of the two identity tables that tell how matching went; no personal value in it."""
    if key.path == ["identity", "identity_match_weights"]:
        return {"weight_histogram": dg.MetadataValue.md(f"![match weights]({_histogram(conn)})")}
    if key.path == ["identity", "resolved"]:
        return _cluster_evidence(conn)
    return {}


def _cluster_evidence(conn: duckdb.DuckDBPyConnection) -> dict[str, Any]:
    sizes = conn.execute(
        "SELECT size, count(*) FROM (SELECT count(*) AS size FROM warehouse.identity.resolved GROUP BY customer_id) "
        "GROUP BY size ORDER BY size"
    ).fetchall()
    records = sum(size * count for size, count in sizes)
    customers = sum(count for _, count in sizes)
    matched = sum(size * count for size, count in sizes if size > 1)
    return {
        "records": records,
        "customers": customers,
        "match_rate": matched / records if records else 0.0,
        "cluster_sizes": dg.MetadataValue.table(
            [
                dg.TableRecord({"records_per_customer": size, "customers": count})
                for size, count in sizes[:200]
            ]
            or [dg.TableRecord({"records_per_customer": 0, "customers": 0})]
        ),
    }


def _histogram(conn: duckdb.DuckDBPyConnection) -> str:
    """A PNG as a data address: candidate pairs by match weight in bits."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg  # noqa: PLC0415 - slow import, one caller
    from matplotlib.figure import Figure  # noqa: PLC0415

    weights = conn.execute(
        "SELECT greatest(-40, least(40, floor(match_weight))) AS bits, count(*) "
        "FROM warehouse.identity.identity_match_weights GROUP BY bits ORDER BY bits"
    ).fetchall()
    figure = Figure(figsize=(7, 3), dpi=100)
    axes = figure.subplots()
    axes.bar([bits for bits, _ in weights], [count for _, count in weights], width=0.9, color="#3b6ea5")
    axes.axvline(0, color="#c0392b", linewidth=1)
    axes.set_yscale("log" if weights else "linear")
    axes.set_xlabel("match weight (bits); above 0 a match is more likely than not")
    axes.set_ylabel("candidate pairs")
    figure.tight_layout()
    buffer = io.BytesIO()
    FigureCanvasAgg(figure).print_png(buffer)
    return "data:image/png;base64," + base64.b64encode(buffer.getvalue()).decode()
