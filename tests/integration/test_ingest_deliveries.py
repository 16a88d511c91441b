"""Deliveries of every sort, good and bad: nothing is lost, nothing is taken twice, one bad file harms no other."""

from __future__ import annotations

import csv
import gzip
from datetime import datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipelines.contracts.load import load_contract
from pipelines.contracts.model import Contract
from pipelines.ingest.originals import read_original
from pipelines.ingest.raw_store import list_deliveries, raw_relation_sql
from pipelines.ingest.report import DeliveryReport
from pipelines.ingest.source import ingest_source
from pipelines.settings import Settings
from pipelines.storage.connection import open_connection
from pipelines.storage.home import create_home
from pipelines.storage.keys import load_keys

LOADED = datetime(2026, 1, 2)
HEADER = "no,姓名,time\n"


class Place:
    """A home with one source, `people`."""

    def __init__(self, root: Path, form: str = "csv", ending: str = "csv", more: str = "") -> None:
        self.settings: Settings = create_home(root)
        self.keys = load_keys(self.settings)
        self.landing = root / "landing" / "people"
        self.landing.mkdir(exist_ok=True)
        path = root / "contracts" / "people.yml"
        path.write_text(
            f"""
apiVersion: v3.1.0
kind: DataContract
id: people
name: People
version: 1.0.0
status: active
servers:
  - {{server: landing, type: local, path: "landing/people/*.{ending}", format: {form}{more}}}
schema:
  - name: registration
    logicalType: object
    properties:
      - {{name: source_record_id, physicalName: "no", logicalType: string, required: true, primaryKey: true}}
      - {{name: full_name, physicalName: 姓名, logicalType: string}}
      - {{name: registered_at, physicalName: time, logicalType: timestamp, required: true}}
""",
            encoding="utf-8",
        )
        self.contract: Contract = load_contract(path, self.settings.home)

    def take(self) -> list[DeliveryReport]:
        return list(ingest_source(self.contract, self.settings, self.keys, LOADED).deliveries)

    def rows(self) -> list[tuple[object, ...]]:
        conn = open_connection(self.settings, self.keys)
        sql = raw_relation_sql(self.settings.home, "registration")
        found = conn.execute(
            f"SELECT source_record_id, full_name, operation FROM ({sql}) ORDER BY ALL"
        ).fetchall()
        conn.close()
        return found


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Place:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    return Place(tmp_path / "home")


def test_the_same_bytes_under_another_name_add_nothing(place: Place) -> None:
    text = HEADER + "1,王伟,2026-01-01\n2,李娜,2026-01-01\n"
    (place.landing / "a.csv").write_text(text, encoding="utf-8")
    assert [d.status for d in place.take()] == ["accepted"]
    (place.landing / "b.csv").write_text(text, encoding="utf-8")
    assert [d.status for d in place.take()] == ["known", "known"]
    assert len(place.rows()) == 2


def test_bad_rows_are_quarantined_with_their_reason(place: Place) -> None:
    rows = "1,a,2026-01-01\n,b,2026-01-01\n3,c,never\n4,d\n1,a,2026-01-01\n"
    (place.landing / "a.csv").write_text(HEADER + rows, encoding="utf-8")
    (report,) = place.take()
    assert (report.rows_in, report.accepted, report.quarantined, report.duplicate) == (5, 1, 3, 1)
    assert report.reasons == {
        "bad_timestamp:registered_at": 1, "missing_key:source_record_id": 1, "wrong_column_count": 1,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty_file"),
        (b"no,time\n1,2026-01-01\n", None),
        ("姓名,time\n王,2026-01-01\n".encode(), "missing_column"),
        (b"no,no,time\n1,2,2026-01-01\n", "duplicate_header"),
        ("no,姓名,time\n1,王,2026-01-01\n".encode("gb18030"), "wrong_encoding"),
        (HEADER.encode(), None),
        (gzip.compress(b"no,x")[:-6], "unreadable"),
    ],
    ids=[
        "empty",
        "optional column absent",
        "key absent",
        "doubled",
        "encoding",
        "header only",
        "broken gzip",
    ],
)
def test_a_bad_file_is_refused_by_name_and_harms_no_other(
    place: Place, content: bytes, code: str | None
) -> None:
    (place.landing / "a.csv").write_bytes(content)
    (place.landing / "b.csv").write_text(HEADER + "9,good,2026-01-01\n", encoding="utf-8")
    reports = {report.file_name: report for report in place.take()}
    assert reports["a.csv"].error_code == code
    assert reports["b.csv"].accepted == 1


def test_a_folder_in_the_place_of_a_file_is_refused(place: Place) -> None:
    (place.landing / "a.csv").mkdir()
    assert [report.error_code for report in place.take()] == ["not_a_file"]


def test_too_many_bad_rows_refuse_the_file(place: Place) -> None:
    rows = "".join(f"{n},x,never\n" for n in range(30)) + "".join(f"{n},x,2026-01-01\n" for n in range(30))
    (place.landing / "a.csv").write_text(HEADER + rows, encoding="utf-8")
    assert [report.error_code for report in place.take()] == ["too_many_quarantined"]
    assert list_deliveries(place.settings.home) == []


def test_gb18030_and_additional_columns(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    place = Place(tmp_path / "home", more=", customProperties: [{property: encoding, value: gb18030}]")
    (place.landing / "a.csv").write_bytes("no,姓名,time,备注\n1,王伟,2026-01-01,好\n".encode("gb18030"))
    (report,) = place.take()
    assert report.accepted == 1
    assert place.rows() == [("1", "王伟", "upsert")]
    assert list_deliveries(place.settings.home)[0]["extra_columns"] == ["备注"]


def test_jsonl_with_a_broken_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    place = Place(tmp_path / "home", "jsonl", "jsonl")
    (place.landing / "a.jsonl").write_text('{"no":"1","time":"2026-01-01"}\n{oops\n', encoding="utf-8")
    (report,) = place.take()
    assert (report.accepted, report.reasons) == (1, {"broken_json": 1})


def test_nothing_lies_in_clear_and_the_original_can_be_had_back(place: Place) -> None:
    marker = "MARKER-7f3a-王伟"
    control = place.settings.home / "control.csv"
    text = HEADER + f"1,{marker},2026-01-01\n"
    control.write_text(text, encoding="utf-8")
    (place.landing / "a.csv").write_text(text, encoding="utf-8")
    place.take()
    stored = [path for path in (place.settings.home / "raw").rglob("*") if path.is_file()]
    assert marker.encode() in control.read_bytes()
    assert stored
    assert all(marker.encode() not in path.read_bytes() for path in stored)
    (original,) = [path for path in stored if path.suffix == ".original"]
    assert read_original(original, place.keys) == text.encode()


CELL = st.text(st.characters(codec="utf-8", exclude_characters="\x00\r"), max_size=6)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.lists(CELL, min_size=1, max_size=5), max_size=15))
def test_every_row_that_comes_in_is_accounted_for(
    tmp_path_factory: pytest.TempPathFactory, rows: list[list[str]]
) -> None:
    place = Place(tmp_path_factory.mktemp("home"))
    with (place.landing / "a.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["no", "姓名", "time"])
        writer.writerows(rows)
    (report,) = place.take()
    assert report.status == "accepted"
    assert report.rows_in == len(rows)
    assert report.rows_in == report.accepted + report.quarantined + report.duplicate
