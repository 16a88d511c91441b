"""Deliveries with totals, repeated headers, ruled lines and footers among their rows: counted and told, never a customer."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import openpyxl
import pytest
from delivery_home import HEADER, LOADED, Home

from pipelines.contracts.load import load_contract
from pipelines.ingest.claims import write_claims
from pipelines.ingest.raw_store import create_raw_views
from pipelines.ingest.source import ingest_source
from pipelines.storage.connection import open_connection

ROWS = "1,a,2026-01-01\n2,b,2026-01-01\n"
SPARE = "合计,2人,\nno,姓名,time\n---,---,---\n,,\n共2条\n制表人：张三\nTotal,,2\n"
CODES = {
    "total_row": 2,
    "repeated_header": 1,
    "ruled_line": 1,
    "blank_row": 1,
    "count_line": 1,
    "footer_line": 1,
}
KEYLESS = """
apiVersion: v3.1.0
kind: DataContract
id: list
name: list
version: 1.0.0
status: active
servers:
  - {server: landing, type: local, path: "landing/list/*", format: csv}
schema:
  - name: registration
    logicalType: object
    properties:
      - {name: full_name, physicalName: 姓名, logicalType: string}
      - {name: phone, physicalName: 手机, logicalType: string}
      - {name: city, physicalName: 城市, logicalType: string}
customProperties:
  - {property: key, value: derived}
"""


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    return Home(tmp_path / "home")


def test_rows_without_record_are_counted_as_such_and_told(home: Home) -> None:
    people = home.source("people", {"a.csv": HEADER + ROWS + SPARE})
    (report,) = home.take(people)
    assert (report.rows_in, report.accepted, report.quarantined) == (9, 2, 7)
    assert report.reasons == CODES
    assert report.warnings[-1].startswith("7 rows are no records and set aside (1 blank_row, 1 ruled_line")
    assert home.rows() == [("1", "a"), ("2", "b")]


def test_models_find_them_apart_from_rejected_rows(home: Home) -> None:
    home.take(home.source("people", {"a.csv": HEADER + ROWS + SPARE + "3,c,never\n"}))
    with open_connection(home.settings, home.keys) as conn:
        create_raw_views(conn, home.root)
        told = conn.execute("SELECT rows_in, quarantined, no_records FROM raw.deliveries").fetchall()
        rejects = conn.execute("SELECT reason FROM raw.quarantine_reasons WHERE NOT is_no_record").fetchall()
    assert told == [(10, 8, 7)]
    assert rejects == [("bad_timestamp:registered_at",)]


def test_a_list_that_demands_nothing_takes_no_such_row_for_a_person(home: Home) -> None:
    path = home.root / "contracts" / "list.yml"
    path.write_text(KEYLESS, "utf-8")
    home.landing("list").mkdir()
    text = "姓名,手机,城市\n王伟,13925554001,杭州\n小计,1,\n姓名,手机,城市\n,,\n李娜,13925554002,杭州\n合计,2,\n,总计,2\nTotal,13925554003,杭州\n"
    (home.landing("list") / "a.csv").write_text(text, "utf-8")
    (report,) = ingest_source(load_contract(path, home.root), home.settings, home.keys, LOADED).deliveries
    assert (report.rows_in, report.accepted, report.quarantined) == (8, 3, 5)
    assert report.reasons == {"total_row": 3, "repeated_header": 1, "blank_row": 1}
    assert home.rows("full_name") == [("Total",), ("李娜",), ("王伟",)]


def test_they_do_not_count_against_the_share_that_may_be_rejected(home: Home) -> None:
    spare = "".join(f"{'-' * n},,\n" for n in range(3, 60))
    people = home.source("people", {"a.csv": HEADER + ROWS + spare})
    (report,) = home.take(people)
    assert (report.status, report.accepted, report.quarantined) == ("accepted", 2, 57)


def test_other_bad_rows_still_count_against_it(home: Home) -> None:
    bad = "".join(f"{n},x,never\n" for n in range(10, 40))
    spare = "".join(f"{'-' * n},,\n" for n in range(3, 200))
    people = home.source("people", {"a.csv": HEADER + ROWS + bad + spare})
    assert [report.error_code for report in home.take(people)] == ["too_many_quarantined"]


def test_the_claim_file_says_that_there_is_nothing_to_mend(home: Home) -> None:
    people = home.source("people", {"a.csv": HEADER + ROWS + "合计,2人,\n共2条\n"})
    home.take(people)
    path, lines = write_claims(people, home.settings, home.keys)
    assert lines == 2
    rows = list(csv.DictReader(io.StringIO(path.read_text("utf-8-sig"))))
    assert [row["reason"] for row in rows] == [
        "A row of totals, no record; nothing to mend",
        "A line that counts the rows, no record; nothing to mend",
    ]


def test_a_workbook_with_a_total_below_its_list(home: Home) -> None:
    book = openpyxl.Workbook()
    for row in (
        ["no", "姓名", "time"],
        ["1", "a", "2026-01-01"],
        ["合计", "1人", None],
        [None, None, None],
        ["审核：", None, "复核："],
    ):
        book.active.append(row)
    people = home.source("people", form="xlsx")
    book.save(home.landing("people") / "a.xlsx")
    (report,) = home.take(people)
    assert report.reasons == {"total_row": 1, "footer_line": 1}
    assert home.rows() == [("1", "a")]
