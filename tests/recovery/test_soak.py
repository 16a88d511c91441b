"""Three nights that follow on a home of an earlier release, then its backup restored to an empty folder; see benchmarks/soak.

One after the other in one fixture, since each night costs: today's code takes the old home over; a night with deliveries is
rolled back; the next goes on from there.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass

import pytest

from benchmarks.soak.nights import Night, Soak
from benchmarks.soak.vendor import Parcel
from benchmarks.soak.verdict import differing_tables, unaccounted
from pipelines.ingest.raw_store import list_deliveries
from pipelines.publishing.version import current_version, list_versions
from tests.recovery.keeping import OLD_DAY, old_ids, unpack_old_home

Ids = list[tuple[str, ...]]


@dataclass
class Lived:
    soak: Soak
    upgraded: str
    ids: list[Ids]
    nights: list[Night]
    ledger: list[str]


def ids(soak: Soak) -> Ids:
    sql = "select source_system, source_record_id, customer_id from customer_xref order by all"
    code, told = soak.ucv("query", sql, "--format", "csv")
    assert code == 0, told
    return [tuple(row) for row in csv.reader(told.splitlines())][1:]


def ledger_files(soak: Soak) -> list[str]:
    return sorted(path.name for path in (soak.home / "state" / "identity_ledger").glob("*.parquet"))


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory) -> Lived:
    home = unpack_old_home(tmp_path_factory.mktemp("soak"))
    soak = Soak(home.parent, seed=3, people=30, first_day=OLD_DAY)
    for manifest in list_deliveries(home):
        delivery_id, source = str(manifest["delivery_id"]), str(manifest["source_system"])
        path = home.parent / "vendor" / "0" / "landing" / source / str(manifest["file_name"])
        soak.vendor.delivered[delivery_id] = Parcel(source, path, int(manifest["rows_in"]), delivery_id)
    code, told = soak.ucv("run", "--as-of", OLD_DAY.isoformat())
    assert code == 0, told
    seen = [ids(soak)]
    nights = [soak.night(2, {"rolled back"})]
    seen.append(ids(soak))
    ledger = ledger_files(soak)
    nights.append(soak.night(3, set()))
    seen.append(ids(soak))
    return Lived(soak, told, seen, nights, ledger)


def test_a_night_of_todays_code_on_an_old_home_publishes_the_same_customer_ids(lived: Lived) -> None:
    assert "upgraded from form 1 to 2" in lived.upgraded
    assert "Published" in lived.upgraded
    assert lived.ids[0] == old_ids(lived.soak.home.parent)


def test_after_a_rollback_readers_see_the_ids_of_before_and_the_next_night_goes_on(lived: Lived) -> None:
    rolled_back, after = lived.nights
    versions = list_versions(lived.soak.home)
    assert [night.code for night in lived.nights] == [0, 0]
    assert "rolled back" in rolled_back.happened
    assert len(versions) == 4
    assert rolled_back.version == versions[1]
    assert after.version == versions[3] == current_version(lived.soak.home)
    assert lived.ids[1] == lived.ids[0]
    assert len(lived.ids[2]) > len(lived.ids[0]), "what came that night and the next is there"
    before = {row[:2]: row[2] for row in lived.ids[0]}
    kept = [row for row in lived.ids[2] if before.get(row[:2]) == row[2]]
    assert len(kept) > len(before) * 0.9, (
        "records keep their ids, but for merges that new records bring about"
    )
    assert ledger_files(lived.soak)[: len(lived.ledger)] == lived.ledger, "only ever added to"


def test_every_row_is_accounted_for_and_a_restored_backup_gives_the_same_view(lived: Lived) -> None:
    assert unaccounted(lived.soak) == []
    assert differing_tables(lived.soak, lived.soak.as_of(3)) == []
