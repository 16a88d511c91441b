"""The published tables that exports read, in memory: one customer per case, each by one e-mail that they gave and agreed to."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import duckdb

from pipelines.exports.request import Request
from pipelines.exports.rules import Circumstances, judge

DAY = date(2031, 3, 1)
REQUEST = Request("one", "all", "", "email", "marketing", "csv", "c", DAY, 0.0, None)
ALL = ("SELECT customer_id FROM golden.customers", [])
_TABLES = """
CREATE SCHEMA golden; CREATE SCHEMA marts;
CREATE TABLE golden.customers (customer_id VARCHAR, display_name VARCHAR, address VARCHAR, birth_date DATE, national_id VARCHAR, country VARCHAR);
CREATE TABLE golden.customer_contact_points (customer_id VARCHAR, kind VARCHAR, value VARCHAR, role VARCHAR, is_usable BOOLEAN, value_rank INTEGER);
CREATE TABLE golden.customer_values (customer_id VARCHAR, field VARCHAR, value VARCHAR, is_golden BOOLEAN, value_rank INTEGER);
CREATE TABLE marts.consent_ledger (customer_id VARCHAR, purpose VARCHAR, channel VARCHAR, verdict VARCHAR, said_by VARCHAR,
    told_at TIMESTAMP, ended_at TIMESTAMP, record_id VARCHAR);
CREATE TABLE marts.barred_contact_values (kind VARCHAR, value VARCHAR, channel VARCHAR, purpose VARCHAR, effective_at TIMESTAMP, record_id VARCHAR);
CREATE TABLE marts.contact_value_sources (customer_id VARCHAR, kind VARCHAR, value VARCHAR, source_system VARCHAR);
CREATE TABLE marts.dim_acquisition_terms (source_system VARCHAR, acquisition_mode VARCHAR, legal_basis VARCHAR, max_uses INTEGER,
    valid_from DATE, valid_to DATE, permitted_channels VARCHAR[], permitted_purposes VARCHAR[], recipient_countries VARCHAR[], matching_only BOOLEAN);
CREATE TABLE marts.dim_purposes (purpose VARCHAR, basis VARCHAR, covered_by VARCHAR[]);
CREATE TABLE marts.customer_fatigue (customer_id VARCHAR, is_fatigued BOOLEAN);
INSERT INTO marts.dim_purposes VALUES ('marketing', 'consent_or_contract', ['marketing']), ('service', 'none', ['service']),
    ('provision', 'separate_consent', ['provision']), ('profiling', 'until_refused', ['profiling']);
INSERT INTO marts.dim_acquisition_terms VALUES
    ('web', 'own', NULL, NULL, NULL, NULL, [], [], [], false), ('near', 'own', NULL, NULL, NULL, NULL, [], [], ['CN'], false);
"""


def published() -> duckdb.DuckDBPyConnection:
    """The tables without a customer, in a database that is named as the published one."""
    conn = duckdb.connect()
    conn.execute("ATTACH ':memory:' AS warehouse; USE warehouse")
    conn.execute(_TABLES)
    return conn


def add_person(
    conn: duckdb.DuckDBPyConnection,
    who: str,
    *,
    country: str | None = "DE",
    source: str = "web",
    also: tuple[tuple[str, str], ...] = (),
) -> None:
    """Somebody with a mailbox who agreed to marketing by e-mail; `also` are further (purpose, verdict)."""
    conn.execute(
        "INSERT INTO golden.customers VALUES (?, ?, NULL, '1980-01-01', NULL, ?)", [who, who, country]
    )
    mailbox = f"{who}@x.example"
    conn.execute(
        "INSERT INTO golden.customer_contact_points VALUES (?, 'email', ?, 'personal', true, 1)",
        [who, mailbox],
    )
    conn.execute("INSERT INTO marts.contact_value_sources VALUES (?, 'email', ?, ?)", [who, mailbox, source])
    for purpose, verdict in (("marketing", "granted"), *also):
        conn.execute(
            "INSERT INTO marts.consent_ledger VALUES (?, ?, 'email', ?, 'registration', '2031-01-01', NULL, ?)",
            [who, purpose, verdict, f"web:{who}"],
        )


def reasons(conn: duckdb.DuckDBPyConnection, **changes: object) -> dict[str, str]:
    """Customer -> why not, or `sent`."""
    request = replace(REQUEST, **changes)  # type: ignore[arg-type]
    judge(conn, request, ALL, Circumstances((), (), lambda text: text))
    return dict(conn.execute("SELECT customer_id, coalesce(reason, 'sent') FROM judged").fetchall())
