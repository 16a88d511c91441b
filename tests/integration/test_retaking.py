"""Deliveries taken again from what is stored: raw is what it would be had the files come with today's contract."""

from __future__ import annotations

import os
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from delivery_home import SECRET, Home

from pipelines.contracts.load import load_contract
from pipelines.contracts.model import Contract
from pipelines.ingest.claims import write_claims
from pipelines.ingest.originals import is_original_intact
from pipelines.ingest.raw_store import is_intact, list_deliveries
from pipelines.ingest.report import DeliveryReport
from pipelines.ingest.retaking import Days, retake_source
from pipelines.storage.connection import open_connection

HEADER = "no,姓名,nick,time\n"
DAYS = {
    "a": ("1,王小明,x,2026-01-01", "2,b,y,2026-01-01", "3,c,z,2026-01-04"),
    "b": ("1,王小明,x,2026-01-01", "4,d,w,2026-01-02"),
    "c": ("1,王二,x,2026-01-03", "4,d,w,2026-01-02", "3,c,z,2026-01-04"),
}
MODES = {
    "incremental": "", "events": "", "snapshot": "  - {property: shrinkLimit, value: 1}\n",
}  # fmt: skip
ALL = Days(date(2026, 1, 1), None, "Asia/Shanghai")


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    return Home(tmp_path / "home")


def contract_of(home: Home, mode: str, *, is_wrong: bool) -> Contract:
    """Wrong: another column is taken for the name, and times are bounded too low."""
    more = f"customProperties:\n  - {{property: deliveryMode, value: {mode}}}\n{MODES[mode]}"
    path = home.source("people", more=more).path
    text = path.read_text("utf-8")
    if is_wrong:
        text = text.replace("physicalName: 姓名", "physicalName: nick").replace(
            "physicalName: time, logicalType: timestamp",
            "physicalName: time, logicalType: timestamp, logicalTypeOptions: {maximum: 2026-01-03}",
        )
    path.write_text(text, encoding="utf-8")
    return load_contract(path, home.root)


def deliver(home: Home, contract: Contract) -> None:
    """A file a day, each taken on its day."""
    for day, (name, rows) in enumerate(DAYS.items(), start=5):
        path = home.landing("people") / f"{name}.csv"
        path.write_text(HEADER + "".join(f"{row}\n" for row in rows), "utf-8")
        moment = datetime(2026, 1, day, 12, tzinfo=UTC).timestamp()
        os.utime(path, (moment, moment))
        home.take(contract, datetime(2026, 1, day, 13))


def retake(home: Home, contract: Contract, days: Days = ALL) -> list[DeliveryReport]:
    with open_connection(home.settings, home.keys) as conn:
        found = list(retake_source(contract, home.settings, home.keys, days, conn).deliveries)
    for report in found:
        assert report.rows_in == report.accepted + report.quarantined + report.duplicate
        assert SECRET not in repr(report)
    return found


def stored(home: Home) -> list[tuple[object, ...]]:
    return home.rows("* EXCLUDE (extra), extra::VARCHAR AS extra")


def facts(home: Home) -> list[dict[str, object]]:
    """What manifests tell, but for what a revision cannot share."""
    aside = ("parquet_sha256", "quarantine_sha256", "original_sha256", "checksum", "revision")
    return [{k: v for k, v in m.items() if k not in aside} for m in list_deliveries(home.root)]


@pytest.mark.parametrize("mode", sorted(MODES))
def test_raw_is_as_if_the_files_had_come_with_the_corrected_contract(
    home: Home, tmp_path: Path, mode: str
) -> None:
    deliver(home, contract_of(home, mode, is_wrong=True))
    fresh = Home(tmp_path / "fresh")
    deliver(fresh, contract_of(fresh, mode, is_wrong=False))
    assert stored(home) != stored(fresh)
    contract = contract_of(home, mode, is_wrong=False)
    for path in home.landing("people").iterdir():
        path.unlink()  # landing may be empty by now
    assert [report.status for report in retake(home, contract)] == ["replaced"] * 3
    assert stored(home) == stored(fresh)
    assert facts(home) == facts(fresh)
    assert all(is_intact(home.root, one) for one in list_deliveries(home.root))
    assert all(is_original_intact(home.root, m, home.keys) for m in list_deliveries(home.root))
    names = sorted(path.name for path in (home.root / "raw").rglob("*.parquet"))
    assert names == sorted(f"{m['delivery_id']}.1.parquet" for m in list_deliveries(home.root))
    assert not list((home.root / "quarantine").rglob("*.parquet"))


def test_what_comes_out_the_same_is_left_alone(home: Home) -> None:
    contract = contract_of(home, "incremental", is_wrong=True)
    deliver(home, contract)
    before = {path: path.read_bytes() for path in (home.root / "raw").rglob("*") if path.is_file()}
    assert [report.status for report in retake(home, contract)] == ["unchanged"] * 3
    assert {path: path.read_bytes() for path in (home.root / "raw").rglob("*") if path.is_file()} == before


def test_a_day_alone_is_taken_and_what_came_after_it_only_where_that_changed(home: Home) -> None:
    contract = contract_of(home, "incremental", is_wrong=True)
    deliver(home, contract)
    day = Days(date(2026, 1, 6), date(2026, 1, 6), "Asia/Shanghai")
    assert [report.file_name for report in retake(home, contract, day)] == ["b.csv"]
    contract = contract_of(home, "incremental", is_wrong=False)
    assert [report.file_name for report in retake(home, contract, day)] == ["b.csv", "c.csv"]
    last = Days(date(2026, 1, 7), date(2026, 1, 7), "UTC")
    assert [report.file_name for report in retake(home, contract, last)] == ["c.csv"]


def test_rejected_rows_of_a_second_taking_are_claimed_and_a_third_replaces_them(home: Home) -> None:
    deliver(home, contract_of(home, "incremental", is_wrong=False))
    contract = contract_of(home, "incremental", is_wrong=True)
    assert [report.quarantined for report in retake(home, contract)] == [1, 0, 1]
    _, lines = write_claims(contract, home.settings, home.keys)
    assert lines == 2
    retake(home, contract_of(home, "incremental", is_wrong=False))
    assert len(list((home.root / "raw").rglob("*.2.parquet"))) == 3
    assert not list((home.root / "quarantine").rglob("*.parquet"))


@pytest.mark.parametrize(
    ("harm", "code"),
    [("cut", "original_damaged"), ("another's", "original_damaged"), ("gone", "original_missing")],
)
def test_a_delivery_without_its_original_keeps_its_rows_and_is_told(home: Home, harm: str, code: str) -> None:
    deliver(home, contract_of(home, "incremental", is_wrong=True))
    first = min(list_deliveries(home.root), key=lambda m: str(m["delivered_at"]))
    (original,) = (home.root / "raw").rglob(f"{first['delivery_id']}.original")
    others = sorted({*original.parent.glob("*.original")} - {original})
    if harm == "gone":
        original.unlink()
    else:
        original.write_bytes(original.read_bytes()[:-5] if harm == "cut" else others[0].read_bytes())
    found = retake(home, contract_of(home, "incremental", is_wrong=False))
    assert [(report.status, report.error_code) for report in found] == [
        ("refused", code), ("replaced", None), ("replaced", None),
    ]  # fmt: skip
    assert all(is_intact(home.root, one) for one in list_deliveries(home.root))
    assert not list((home.root / "warehouse").glob(".spill-*"))


def test_a_kill_before_the_manifest_leaves_the_old_rows_and_the_next_time_cleans_up(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    deliver(home, contract_of(home, "incremental", is_wrong=True))
    contract, before = contract_of(home, "incremental", is_wrong=False), stored(home)
    with monkeypatch.context() as patch:
        patch.setattr(
            "pipelines.ingest.storing.write_manifest", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt)
        )
        with pytest.raises(KeyboardInterrupt):
            retake(home, contract)
    assert stored(home) == before
    assert all(is_intact(home.root, one) for one in list_deliveries(home.root))
    assert [report.status for report in retake(home, contract)] == ["replaced"] * 3
    assert len(list((home.root / "raw").rglob("*.parquet"))) == 3


def test_what_the_contract_of_today_refuses_keeps_its_rows(home: Home) -> None:
    contract = contract_of(home, "incremental", is_wrong=False)
    deliver(home, contract)
    before = stored(home)
    text = contract.path.read_text("utf-8").replace('physicalName: "no"', "physicalName: number")
    contract.path.write_text(text, encoding="utf-8")
    found = retake(home, load_contract(contract.path, home.root))
    assert {report.error_code for report in found} == {"missing_column"}
    assert stored(home) == before
