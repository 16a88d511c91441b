"""Delivery modes and keys: what each delivery adds, repeats, corrects and closes, in whatever order it comes."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest
from delivery_home import HEADER, Home

from pipelines.ingest import source as source_module
from pipelines.ingest.landed import Landed

PROPERTIES = "customProperties:\n"


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    return Home(tmp_path / "home")


def deliver(home: Home, name: str, *rows: str) -> None:
    (home.landing("people") / name).write_text(HEADER + "".join(f"{row}\n" for row in rows), "utf-8")


def counts(home: Home, contract: object, day: int) -> tuple[int, int, int]:
    report = home.take(contract, datetime(2026, 1, day))[-1]  # type: ignore[arg-type]
    return report.accepted, report.duplicate, report.closed


def test_a_composite_key_names_a_record_by_all_its_columns(home: Home) -> None:
    contract = home.source("people")
    path = contract.path
    text = path.read_text("utf-8").replace(
        "classification: pii}\n      - {name: phone",
        "classification: pii, primaryKey: true}\n      - {name: phone",
    )
    path.write_text(text, encoding="utf-8")
    from pipelines.contracts.load import load_contract  # noqa: PLC0415

    contract = load_contract(path, home.root)
    assert contract.key == ("source_record_id", "full_name")
    deliver(home, "a.csv", "1,a,2026-01-01", "1,b,2026-01-01", "1,a,2026-01-01", "1,,2026-01-01")
    (report,) = home.take(contract)
    assert (report.accepted, report.duplicate, report.reasons) == (2, 1, {"missing_key:full_name": 1})
    assert home.rows("source_record_id") == [("1|a",), ("1|b",)]


def test_a_derived_key_tells_rows_by_what_they_hold_and_how_often(home: Home) -> None:
    contract = home.source("people")
    path = contract.path
    text = (
        path.read_text("utf-8")
        .replace(", primaryKey: true", "")
        .replace("required: true}\n      - {name: full", "}\n      - {name: full")
    )
    path.write_text(text + PROPERTIES + "  - {property: key, value: derived}\n", encoding="utf-8")
    from pipelines.contracts.load import load_contract  # noqa: PLC0415

    contract = load_contract(path, home.root)
    deliver(home, "a.csv", "1,a,2026-01-01", "1,a,2026-01-01", "2,b,2026-01-01", "3,c,never")
    assert counts(home, contract, 2) == (3, 0, 0)
    keys = [str(row[0]).rpartition("-")[2] for row in home.rows("source_record_id")]
    assert sorted(keys) == ["1", "1", "2"]
    # The whole list again with one row more of each sort: only those are new.
    deliver(
        home,
        "b.csv",
        "2,b,2026-01-01",
        "1,a,2026-01-01",
        "1,a,2026-01-01",
        "1,a,2026-01-01",
        "4,d,2026-01-01",
    )
    assert counts(home, contract, 3) == (2, 3, 0)


def test_events_keep_every_change_and_repeat_none(home: Home) -> None:
    contract = home.source("people", more=PROPERTIES + "  - {property: deliveryMode, value: events}")
    deliver(home, "a.csv", "1,a,2026-01-01", "2,b,2026-01-01")
    assert counts(home, contract, 2) == (2, 0, 0)
    deliver(home, "b.csv", "1,a,2026-01-01", "1,a,2026-01-05")
    assert counts(home, contract, 3) == (1, 1, 0)


def test_a_late_delivery_is_taken_and_the_newer_state_stays_to_be_seen(home: Home) -> None:
    contract = home.source("people")
    deliver(home, "new.csv", "1,new,2026-01-05")
    assert counts(home, contract, 6) == (1, 0, 0)
    deliver(home, "old.csv", "1,old,2026-01-01", "2,other,2026-01-01")
    assert counts(home, contract, 7) == (2, 0, 0)
    assert home.rows("full_name, registered_at")[0] == ("new", datetime(2026, 1, 5))


def test_a_value_that_went_and_came_back_is_a_change(home: Home) -> None:
    contract = home.source("people")
    for day, name in ((1, "a"), (2, "b"), (3, "a")):
        deliver(home, f"{day}.csv", f"1,{name},2026-01-01", f"9,{day},2026-01-01")
        assert counts(home, contract, day + 1)[0] == 2


SNAPSHOT = (
    PROPERTIES + "  - {property: deliveryMode, value: snapshot}\n  - {property: shrinkLimit, value: 0.5}"
)


def test_a_closed_record_that_returns_is_taken_again(home: Home) -> None:
    contract = home.source("people", more=SNAPSHOT)
    deliver(home, "a.csv", "1,a,2026-01-01", "2,b,2026-01-01")
    assert counts(home, contract, 2) == (2, 0, 0)
    deliver(home, "b.csv", "1,a,2026-01-01")
    assert counts(home, contract, 3) == (0, 1, 1)
    deliver(home, "c.csv", "2,b,2026-01-01", "1,a,2026-01-01")
    assert counts(home, contract, 4) == (1, 1, 0)
    assert [row[0] for row in home.rows("operation")].count("close") == 1


def test_a_snapshot_whose_row_is_bad_does_not_close_that_record(home: Home) -> None:
    contract = home.source("people", more=SNAPSHOT)
    deliver(home, "a.csv", "1,a,2026-01-01", "2,b,2026-01-01")
    assert counts(home, contract, 2) == (2, 0, 0)
    deliver(home, "b.csv", "1,a,2026-01-01", "2,b,never")
    report = home.take(contract, datetime(2026, 1, 3))[-1]
    assert (report.closed, report.quarantined) == (0, 1)


@pytest.mark.parametrize(("rows", "code"), [((), "empty_snapshot"), (("1,a,2026-01-01",), "shrink")])
def test_a_suspiciously_small_snapshot_is_refused(home: Home, rows: tuple[str, ...], code: str) -> None:
    contract = home.source("people", more=SNAPSHOT)
    deliver(home, "a.csv", *(f"{n},a,2026-01-01" for n in range(4)))
    assert counts(home, contract, 2) == (4, 0, 0)
    deliver(home, "b.csv", *rows)
    assert home.take(contract, datetime(2026, 1, 3))[-1].error_code == code


def test_a_file_still_being_written_is_left_for_the_next_run(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    contract = home.source("people")
    deliver(home, "a.csv", "1,a,2026-01-01")
    deliver(home, "b.csv.part", "7,half,2026-01-01")
    load = source_module.load_delivery

    def writing(conn: object, landed: Landed, *args: object, **options: object) -> object:
        with landed.path.open("a", encoding="utf-8") as file:
            file.write("2,b,2026-01-01\n")
        return load(conn, landed, *args, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(source_module, "load_delivery", writing)
    assert [report.status for report in home.take(contract)] == ["unfinished"]
    assert home.rows() == []
    monkeypatch.undo()
    monkeypatch.setenv("XDG_CONFIG_HOME", str(home.root.parent / "config"))
    assert [report.accepted for report in home.take(contract)] == [2]
