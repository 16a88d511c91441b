"""A table or query of a real PostgreSQL server as a source: what is new is read, what fails harms no other."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path

import pytest
from delivery_home import GOOD, SECRET, Home
from postgres_server import PASSWORD, USER, Postgres, binaries, postgres

from pipelines.contracts.load import load_contract
from pipelines.contracts.model import Contract
from pipelines.ingest.raw_store import list_deliveries
from pipelines.ingest.report import DeliveryReport
from pipelines.ingest.retaking import Days, retake_source
from pipelines.storage.connection import open_connection

pytestmark = pytest.mark.skipif(
    binaries() is None and not os.environ.get("REQUIRE_POSTGRES"),
    reason="no PostgreSQL server on this machine: apt-get install postgresql",
)
TABLE = """DROP TABLE IF EXISTS people;
    CREATE TABLE people ("no" int PRIMARY KEY, "姓名" text, "手机" bigint, "time" timestamptz, vip boolean);
    INSERT INTO people VALUES (1, '王小明', 13800138000, '2026-01-01 10:00:00+08', true),
        (2, '张, "丽华"', NULL, '2026-01-02 10:00:00+08', false)"""


@pytest.fixture(scope="module")
def server() -> Iterator[Postgres]:
    with postgres() as running:
        yield running


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, server: Postgres) -> Home:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("UCV_SOURCE_CRM_USER", USER)
    monkeypatch.setenv("UCV_SOURCE_CRM_PASSWORD", PASSWORD)
    server.run(TABLE)
    return Home(tmp_path / "home")


def source(
    home: Home, server: Postgres, table: str | None = "people", more: str = "", **options: object
) -> Contract:
    where = f"type: postgres, host: 127.0.0.1, port: {server.port}, database: postgres, schema: public"
    return home.source("crm", server=where, table=table, more=more, **options)


def take(home: Home, contract: Contract, day: int = 2) -> DeliveryReport:
    (report,) = home.take(contract, datetime(2026, 1, day))
    assert PASSWORD not in repr(report)
    assert not list((home.root / "warehouse").glob(".spill-*"))
    return report


def test_a_table_is_read_as_text_and_cast_as_declared(home: Home, server: Postgres) -> None:
    report = take(home, source(home, server))
    assert (report.accepted, report.error_message) == (2, None)
    assert home.rows("source_record_id, full_name, phone, registered_at, extra") == [
        ("1", "王小明", "13800138000", datetime(2026, 1, 1, 2), '{"vip":"true"}'),
        ("2", '张, "丽华"', None, datetime(2026, 1, 2, 2), '{"vip":"false"}'),
    ]
    assert take(home, source(home, server)).status == "known"
    # That we read it again is no sign of life of its owner.
    assert not list((home.root / "raw").rglob(".arrivals"))


def test_readings_of_a_table_are_taken_again_from_what_is_stored(home: Home, server: Postgres) -> None:
    contract = source(home, server)
    take(home, contract)
    server.run("UPDATE people SET vip = NOT vip WHERE no = 1")
    assert take(home, contract, 3).accepted == 1
    server.run("DROP TABLE people")
    text = contract.path.read_text("utf-8").replace("name: full_name", "name: native_name")
    contract.path.write_text(text, encoding="utf-8")
    days = Days(date(2020, 1, 1), None, "UTC")
    with open_connection(home.settings, home.keys) as conn:
        mended = load_contract(contract.path, home.root)
        found = retake_source(mended, home.settings, home.keys, days, conn).deliveries
    assert [(report.status, report.error_message) for report in found] == [("replaced", None)] * 2
    assert {row[0] for row in home.rows("native_name")} == {"王小明", '张, "丽华"'}


def test_columns_with_signs_that_nobody_sees_are_the_columns_of_the_contract(
    home: Home, server: Postgres
) -> None:
    for before, after in (("手机", "手\u00a0机"), ("time", "Time\u200b"), ("no", "NO")):
        server.run(f'ALTER TABLE people RENAME COLUMN "{before}" TO "{after}"')
    report = take(home, source(home, server, watermark="time"))
    assert (report.error_message, report.accepted, report.absent) == (None, 2, ())
    assert home.rows("source_record_id, phone")[0] == ("1", "13800138000")
    assert take(home, source(home, server, watermark="time"), 3).status == "known"


def test_only_what_is_new_since_the_watermark_is_read(home: Home, server: Postgres) -> None:
    contract = source(home, server, watermark="time")
    assert take(home, contract).accepted == 2
    assert take(home, contract, 3).status == "known"  # the last moment is read again and told as repeated
    assert len(list_deliveries(home.root)) == 1
    server.run("INSERT INTO people VALUES (3, 'same moment', 1, '2026-01-02 10:00:00+08', true)")
    server.run("INSERT INTO people VALUES (4, 'before the watermark', 1, '2025-12-31 10:00:00+08', true)")
    server.run("""UPDATE people SET "姓名" = 'changed', "time" = '2026-01-05 10:00:00+08' WHERE "no" = 1""")
    report = take(home, contract, 4)
    assert (report.rows_in, report.accepted, report.duplicate) == (3, 2, 1)
    assert [row[0] for row in home.rows()] == ["1", "1", "2", "3"]


def test_the_watermark_moves_only_with_what_is_stored(home: Home, server: Postgres) -> None:
    strict = "customProperties:\n  - {property: maxQuarantineShare, value: 0.1}"
    contract = source(home, server, watermark="time", more=strict)
    assert take(home, contract).accepted == 2
    server.run("""INSERT INTO people SELECT n, 'x', 1, NULL, true FROM generate_series(100, 150) n""")
    server.run("INSERT INTO people VALUES (9, 'good', 1, '2026-02-01', true)")
    assert take(home, contract, 3).error_code == "too_many_quarantined"
    server.run('DELETE FROM people WHERE "time" IS NULL')
    report = take(home, contract, 4)
    assert (report.accepted, report.duplicate) == (1, 1)


def test_a_whole_number_as_watermark_is_compared_as_a_number(home: Home, server: Postgres) -> None:
    server.run("DROP TABLE IF EXISTS serials; CREATE TABLE serials (n int); "
               "INSERT INTO serials SELECT generate_series(8, 11)")  # fmt: skip
    query = """SELECT n AS "no", 'x' AS "姓名", date '2026-01-01' AS "time" FROM serials"""
    contract = source(home, server, table=None, query=query, watermark="no")
    assert take(home, contract).accepted == 4
    server.run("INSERT INTO serials VALUES (9), (12)")
    report = take(home, contract, 3)
    assert (report.rows_in, report.accepted) == (2, 1)


def test_a_snapshot_closes_what_was_deleted_and_a_return_is_news(home: Home, server: Postgres) -> None:
    contract = source(home, server, more="customProperties:\n  - {property: deliveryMode, value: snapshot}")
    assert take(home, contract).accepted == 2
    server.run('DELETE FROM people WHERE "no" = 2')
    assert take(home, contract, 3).closed == 1
    server.run(TABLE)  # as it was two readings ago
    assert take(home, contract, 4).accepted == 1
    assert take(home, contract, 5).status == "known"


@pytest.mark.parametrize(
    ("broken", "code"),
    [("down", "unreachable"), ("password", "login_refused"), ("table", "not_there"), ("column", "not_there"),
     ("cast", "query_failed"), ("writing", "query_failed")],
)  # fmt: skip
def test_a_server_that_fails_stops_its_own_source_only(
    home: Home, server: Postgres, monkeypatch: pytest.MonkeyPatch, broken: str, code: str
) -> None:
    contract = source(home, server)
    if broken == "password":
        monkeypatch.setenv("UCV_SOURCE_CRM_PASSWORD", "wrong-secret")
    elif broken == "table":
        contract = source(home, server, table="nowhere")
    elif broken == "column":
        contract = source(home, server, watermark="nothing")
    elif broken == "cast":
        contract = source(home, server, table=None, query="""SELECT "姓名"::int AS "no" FROM people""")
    elif broken == "writing":
        contract = source(home, server, table=None, query='DELETE FROM people RETURNING "no"')
    if broken == "down":
        server.stop()
    try:
        report = take(home, contract)
    finally:
        if broken == "down":
            server.start()
    assert (report.status, report.error_code) == ("refused", code)
    for word in (PASSWORD, "wrong-secret", SECRET, USER + " "):
        assert word not in str(report.error_message)
    assert home.take(home.source("good", {"b.csv": GOOD}))[0].accepted == 1


def test_the_key_file_may_hold_the_login(
    home: Home, server: Postgres, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("UCV_SOURCE_CRM_USER")
    monkeypatch.delenv("UCV_SOURCE_CRM_PASSWORD")
    path = home.settings.key_path
    stored = json.loads(path.read_text("utf-8"))
    path.write_text(json.dumps({**stored, "sources": {"crm": {"user": USER, "password": PASSWORD}}}), "utf-8")
    assert take(home, source(home, server)).accepted == 2


def test_typed_numbers_of_a_table_have_one_reading_whatever_signs_are_declared(
    home: Home, server: Postgres
) -> None:
    server.run("ALTER TABLE people ADD cost numeric(12, 3), ADD tier text")
    server.run("UPDATE people SET cost = CASE no WHEN 1 THEN 1.234 ELSE 4711.98 END, tier = 'A'")
    signs = 'customProperties: [{property: decimalChar, value: ","}]'
    more = f"      - {{name: gift_cost, physicalName: cost, logicalType: number, {signs}}}"
    assert take(home, source(home, server, more=more)).repairs.get("unparsed:gift_cost") is None
    assert [str(row[0]) for row in home.rows("gift_cost")] == ["1.2340", "4711.9800"]
