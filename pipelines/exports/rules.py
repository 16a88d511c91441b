"""Holding an audience against the rules: runs `rules.sql` on a reader of the published version."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from pipelines.exports.request import ExportError, Request

if TYPE_CHECKING:
    import duckdb

TABLES = (
    "golden.customers",
    "golden.customer_contact_points",
    "golden.customer_values",
    "marts.consent_ledger",
    "marts.barred_contact_values",
    "marts.contact_value_sources",
    "marts.dim_acquisition_terms",
    "marts.dim_purposes",
    "marts.customer_fatigue",
)
"""Published tables that the rules and the rows of a file are read from."""

REASONS = {
    "minor": "below 14, and no guardian agreed",
    "suppressed": "opted out, or the value is on an opt-out list",
    "no_consent": "did not agree, or refused",
    "refused_profiling": "refused decisions made by calculation, by which the audience is chosen",
    "not_to_be_given": "did not agree by name to data being given to others",
    "stays_in_mainland": "a record of the mainland: no basis of the transfer is recorded, or they did not agree to it by name",
    "not_contactable": "no value by which the channel reaches them",
    "unknown_origin": "no source in force delivered the value",
    "lease_over": "the terms of every source that delivered the value are over, or not begun",
    "channel_not_permitted": "no source permits the channel",
    "purpose_not_permitted": "no source permits the purpose",
    "country_not_permitted": "no source permits the country of the receiver",
    "uses_spent": "every permitted use of the value was made",
    "sent_before": "in the export since which changes were asked for",
    "decoy": "one of our own decoys",
    "fatigue": "written to too often of late",
    "same_value": "somebody else with the same number, mailbox or address gets it",
    "hold_out": "held out, to measure what the campaign does",
    "cap": "beyond the number asked for",
}
"""Reason -> why somebody was dropped; each customer has the first that applies."""

_NO_CONTACT = ("separate_consent", "until_refused")

LEGAL_REASONS = frozenset(REASONS) - {"sent_before", "decoy", "fatigue", "same_value", "hold_out", "cap"}
"""Reasons for which somebody may not be contacted at all, whatever the campaign."""


@dataclass(frozen=True)
class Circumstances:
    """What the rules need beside the published version: uses made (source_system, value_token, uses), decoys (kind, value), and

    whom the export named by `since` and those before it gave (customer_token, value_token).
    """

    spent: Sequence[tuple[str, str, int]]
    decoys: Sequence[tuple[str, str]]
    token: Callable[[str], str]
    had: Sequence[tuple[str, str]] = ()


def judge(
    conn: duckdb.DuckDBPyConnection,
    request: Request,
    audience: tuple[str, Sequence[Any]],
    circumstances: Circumstances,
) -> dict[str, int]:
    """Make `judged` on the connection; return how many were dropped by reason, in the order of the rules.

    `audience` is a SELECT of customer_id with its values. Raises ExportError for a purpose that nobody declared, or a version
    that lacks what the rules need.
    """
    require_tables(conn)
    basis, covered_by = purpose_of(conn, request.purpose)
    _fill(conn, "spent", "source_system VARCHAR, value_token VARCHAR, uses BIGINT", circumstances.spent)
    _fill(conn, "decoys", "kind VARCHAR, value VARCHAR", circumstances.decoys)
    _fill(conn, "had", "customer_token VARCHAR, value_token VARCHAR", circumstances.had)
    _offer_tokens(conn, circumstances.token)
    sql, values = audience
    conn.execute(f"CREATE OR REPLACE TEMP TABLE audience AS SELECT DISTINCT customer_id FROM ({sql})", values)
    _ask(conn, request, basis, covered_by)
    conn.execute(files(__package__).joinpath("rules.sql").read_text(encoding="utf-8"))
    rows = conn.execute(
        "SELECT reason, count(*) FROM judged WHERE reason IS NOT NULL GROUP BY reason"
    ).fetchall()
    counts = dict(rows)
    return {reason: counts[reason] for reason in REASONS if reason in counts}


def purpose_of(conn: duckdb.DuckDBPyConnection, purpose: str) -> tuple[str, list[str]]:
    """Its basis, and the purposes whose consent counts for it. Raises ExportError for an unknown one."""
    found = {
        name: (basis, covered)
        for name, basis, covered in conn.execute(
            "SELECT purpose, basis, covered_by FROM marts.dim_purposes ORDER BY purpose"
        ).fetchall()
    }
    if purpose not in _to_contact(found):
        raise ExportError(
            f"--purpose is {purpose!r}; expected one of {', '.join(_to_contact(found))}, or declare it in "
            "dbt_project/seeds/purposes.csv."
        )
    return found[purpose]


def _to_contact(found: Mapping[str, tuple[str, list[str]]]) -> list[str]:
    """The purposes for which somebody is contacted; the others are things done with data."""
    return [name for name, (basis, _) in found.items() if basis not in _NO_CONTACT]


def require_tables(conn: duckdb.DuckDBPyConnection) -> None:
    """Raises ExportError for a version that an earlier release built."""
    known = {
        f"{schema}.{name}"
        for schema, name in conn.execute(
            "SELECT schema_name, table_name FROM duckdb_tables() WHERE database_name = 'warehouse'"
        ).fetchall()
    }
    missing = [name for name in TABLES if name not in known]
    if missing:
        raise ExportError(
            f"The published version has no {missing[0]}, without which nothing may leave; build it anew: `ucv run --full-refresh`."
        )


def _ask(conn: duckdb.DuckDBPyConnection, request: Request, basis: str, covered_by: list[str]) -> None:
    asked: Mapping[str, tuple[str, date | str | float | int | bool | list[str] | None]] = {
        "day": ("DATE", request.day),
        "channel": ("VARCHAR", request.channel),
        "kind": ("VARCHAR", request.kind),
        "purpose": ("VARCHAR", request.purpose),
        "basis": ("VARCHAR", basis),
        "covered_by": ("VARCHAR[]", covered_by),
        "first_party_only": ("BOOLEAN", request.first_party_only),
        "campaign": ("VARCHAR", request.campaign),
        "hold_out": ("DOUBLE", request.hold_out),
        "cap": ("BIGINT", request.cap),
        "is_delta": ("BOOLEAN", request.since is not None),
        "recipient_country": ("VARCHAR", request.receiver.country if request.receiver else None),
        "is_provided": ("BOOLEAN", request.receiver is not None and request.receiver.decides),
        "transfer_basis": ("VARCHAR", request.receiver.transfer_basis if request.receiver else None),
        "is_profiled": ("BOOLEAN", request.is_profiled),
    }
    columns = ", ".join(f"?::{kind} AS {name}" for name, (kind, _) in asked.items())
    conn.execute(
        f"CREATE OR REPLACE TEMP TABLE asked AS SELECT {columns}", [value for _, value in asked.values()]
    )


def _fill(
    conn: duckdb.DuckDBPyConnection, table: str, columns: str, rows: Sequence[tuple[object, ...]]
) -> None:
    import pyarrow as pa  # noqa: PLC0415

    conn.execute(f"CREATE OR REPLACE TEMP TABLE {table} ({columns})")
    if rows:
        names = [column.split()[0] for column in columns.split(", ")]
        given = pa.table(
            {name: list(values) for name, values in zip(names, zip(*rows, strict=True), strict=True)}
        )
        conn.register("given_rows", given)
        conn.execute(f"INSERT INTO {table} SELECT * FROM given_rows")
        conn.unregister("given_rows")


def _offer_tokens(conn: duckdb.DuckDBPyConnection, token: Callable[[str], str]) -> None:
    """`export_token(text)` on the connection, once."""
    import pyarrow as pa  # noqa: PLC0415
    from duckdb.func import PythonUDFType  # noqa: PLC0415
    from duckdb.sqltypes import VARCHAR  # noqa: PLC0415

    def export_tokens(texts: Any) -> Any:
        return pa.array([None if text is None else token(text) for text in texts.to_pylist()], pa.string())

    if conn.execute(
        "SELECT count(*) FROM duckdb_functions() WHERE function_name = 'export_token'"
    ).fetchall() == [(0,)]:
        conn.create_function("export_token", export_tokens, [VARCHAR], VARCHAR, type=PythonUDFType.ARROW)
