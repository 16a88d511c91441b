"""A desk on the identity tables of a small working file, asked without a browser; one of its people has a name full of markup."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb
import pytest
from starlette.testclient import TestClient

from pipelines.desk.app import build_app
from pipelines.desk.desk import Desk
from pipelines.desk.steward import cluster_pages, clusters, queue, room
from pipelines.matching.specification import match_specification
from pipelines.storage.home import create_home

PORT = 4711
ORIGIN = f"http://127.0.0.1:{PORT}"
MARKUP = "<script>alert('x')</script>\"&"
_GUARDS = match_specification().guard_columns


def pair_sql(a: int, b: int, total: float, **bits: float) -> str:
    """One row of identity_match_weights whose named fields agree with so many bits."""
    columns = [f"{a} AS profile_a", f"{b} AS profile_b", "'person' AS entity_type", "false AS is_swapped"]
    for field in match_specification().fields:
        columns.append(f"{1 if field in bits else 'NULL'}::INTEGER AS {field}_level")
        columns.append(f"{bits.get(field, 0.0)}::DOUBLE AS {field}_weight")
    values = {
        "prior_weight": -8.0,
        "name_correction": 0.0,
        **dict.fromkeys(_GUARDS, 0.0),
        "match_weight": total,
    }
    columns += [f"{value}::DOUBLE AS {name}" for name, value in values.items()]
    return f"SELECT {', '.join(columns)}, false AS is_conflict, 1.0 AS vote"


def _profiles() -> str:
    """Five profiles; the third has two records and is one customer with the first two, whose birth dates differ."""
    name = MARKUP.replace("'", "''")
    rows = [
        f"(1, 'Byron', '{name}', DATE '1950-01-02', ['+8613900000001'])",
        "(2, 'Byron', 'Ada', DATE '1951-01-02', ['+8613900000001'])",
        "(3, 'Byron', 'Adaline', NULL, []::VARCHAR[])",
        "(4, 'Byrne', 'Ada', NULL, ['+8613900000004'])",
        "(5, 'Bier', 'Ida', NULL, ['+8613900000004'])",
    ]
    nothing = ", ".join(
        f"NULL::VARCHAR AS {one}"
        for one in (
            "native_name", "sex", "national_id", "address_line", "city", "postcode", "birth_place", "occupation",
            "organisation_key", "family_latin",
        )
    )  # fmt: skip
    return (
        f"CREATE TABLE warehouse.identity.identity_profiles AS SELECT *, []::VARCHAR[] AS emails, lower(given_name) AS given_latin, "
        f"{nothing} FROM (VALUES {', '.join(rows)}) AS t(profile_no, family_name, given_name, birth_date, phones)"
    )


_STATEMENTS = (
    "ATTACH ':memory:' AS warehouse",
    *(f"CREATE SCHEMA warehouse.{name}" for name in ("identity", "golden", "marts")),
    f"CREATE TABLE warehouse.identity.identity_match_weights AS {pair_sql(1, 2, 0.5, family=5.0, phone=3.5)} "
    f"UNION ALL {pair_sql(2, 3, 30.0, family=38.0)} UNION ALL {pair_sql(1, 4, -1.5, family=2.5, phone=4.0)} "
    f"UNION ALL {pair_sql(4, 5, -2.5, family=2.5, phone=3.0)}",
    "CREATE TABLE warehouse.identity.identity_closure_weights AS FROM warehouse.identity.identity_match_weights LIMIT 0",
    "CREATE TABLE warehouse.identity.identity_records AS FROM (VALUES ('s:a', 1), ('s:b', 2), ('s:c', 3), ('s:c2', 3), ('s:d', 4), "
    "('s:e', 5)) AS t(record_id, profile_no)",
    _profiles(),
    "CREATE TABLE warehouse.identity.identity_match_model AS "
    "SELECT field, 1 AS level, 'alike' AS label, 2.0 AS weight FROM (VALUES ('family'), ('phone')) AS t(field)",
    "CREATE TABLE warehouse.identity.identity_verdicts (number INT, verdict VARCHAR, profile_a INT, profile_b INT, at_date DATE)",
    "CREATE TABLE warehouse.identity.identity_guarded AS SELECT 2 AS profile_a, 5 AS profile_b",
    "CREATE TABLE warehouse.golden.customer_xref AS FROM (VALUES ('s:a', 'C1'), ('s:b', 'C1'), ('s:c', 'C1'), ('s:c2', 'C1'), "
    "('s:d', 'C4'), ('s:e', 'C5')) AS t(record_id, customer_id)",
    "CREATE TABLE warehouse.golden.customers AS FROM (VALUES ('C1', 'Byron', DATE '1950-01-02'), ('C4', 'Byrne', NULL)) "
    "AS t(customer_id, display_name, birth_date)",
    "CREATE TABLE warehouse.marts.household_summary AS SELECT 'H1' AS household_id, ['C1', 'C4'] AS customer_ids",
    "CREATE TABLE warehouse.identity.identity_match_settings AS SELECT 'link_floor' AS setting, 0.0 AS value",
)


def small_desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    """A desk whose version is `v1` until `monkeypatch` says otherwise."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    conn = duckdb.connect()
    for statement in _STATEMENTS:
        conn.execute(statement)

    @contextmanager
    def looking(_: Desk) -> Iterator[duckdb.DuckDBPyConnection]:
        yield conn.cursor()

    for module in (queue, clusters, cluster_pages):
        monkeypatch.setattr(module, "looking", looking)
    monkeypatch.setattr(Desk, "version", lambda self: self.rooms.get("version", "v1"))
    monkeypatch.setattr(room, "working_stamp", lambda desk: (desk.version(), 1, 1))
    return Desk(create_home(tmp_path / "home"))


def client_of(desk: Desk, role: str, name: str = "li") -> TestClient:
    """A browser in a session of this role, which proves its forms."""
    client = TestClient(build_app(desk, PORT), base_url=ORIGIN, follow_redirects=False)
    entered = client.post("/enter", data={"token": desk.sessions.link(role, name)})
    assert entered.status_code == 303
    cookie = next(iter(client.cookies.values()))
    client.headers["x-csrf"] = desk.sessions.find(cookie).csrf
    return client
