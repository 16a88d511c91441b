"""Two nights that follow on a home of an earlier release, then its backup restored to an empty folder; see benchmarks/soak.

One after the other in one fixture, since each night costs: today's code takes the old home over, and somebody rolls back to the
old release's version; the night after goes on from there, with new files and one delivery past its term.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
import pytest

from benchmarks.soak.nights import Night, Soak
from benchmarks.soak.vendor import Parcel
from benchmarks.soak.verdict import differing_tables, unaccounted
from pipelines.demo.generate import generate_demo
from pipelines.demo.truth import TRUTH_FILE
from pipelines.ingest.manifests import list_deliveries, parquet_path, write_manifest
from pipelines.publishing.version import current_version, list_versions
from tests.integration.delivery_home import GOOD, Home
from tests.recovery.keeping import OLD_DAY, old_ids, unpack_old_home

pytestmark = pytest.mark.long

GONE = "organisations"
"""The source whose delivery the test ages beyond its term."""

Ids = list[tuple[str, ...]]


@dataclass
class Lived:
    soak: Soak
    upgraded: str
    ids: list[Ids]
    night: Night
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
    code, told_back = soak.ucv("rollback")
    assert code == 0, told_back
    seen.append(ids(soak))
    ledger = ledger_files(soak)
    assert soak.ucv("retention", "--trust-clock")[0] == 0  # whenever this test runs
    aged = soak.vendor.age(GONE)
    night = soak.night(3, set())
    assert aged
    seen.append(ids(soak))
    return Lived(soak, told, seen, night, ledger)


def members(rows: Ids) -> dict[frozenset[tuple[str, ...]], str]:
    """The records of a customer -> its id."""
    of: dict[str, set[tuple[str, ...]]] = {}
    for *record, customer_id in rows:
        of.setdefault(customer_id, set()).add(tuple(record))
    return {frozenset(records): customer_id for customer_id, records in of.items()}


def test_a_night_of_todays_code_on_an_old_home_keeps_the_customer_ids(lived: Lived, tmp_path: Path) -> None:
    """Whoever has the same records as before has the same id; where a release groups them otherwise, the truth bears it out."""
    assert "upgraded from form 1 to 2" in lived.upgraded
    assert "Published" in lived.upgraded
    before, after = members(old_ids(lived.soak.home.parent)), members(lived.ids[0])
    same = before.keys() & after.keys()
    assert [records for records in same if before[records] != after[records]] == []
    generate_demo(tmp_path, 30, seed=7, as_of=OLD_DAY)  # the people of the old home
    truth = pd.read_parquet(tmp_path / TRUTH_FILE)
    person = dict(
        zip(
            zip(truth["source_system"], truth["source_record_id"], strict=True),
            truth["person_id"],
            strict=True,
        )
    )
    people = [{person[record] for record in records} for records in after.keys() - same]
    assert [len(one) for one in people] == [1] * len(people), (
        "a customer that is new to readers is one person"
    )
    assert len(set().union(*people)) == len(people), "and nobody is two of them"
    assert {record for records in before for record in records} == {r for records in after for r in records}


def test_after_a_rollback_readers_see_the_ids_of_before_and_the_next_night_goes_on(lived: Lived) -> None:
    versions = list_versions(lived.soak.home)
    assert lived.ids[1] == old_ids(lived.soak.home.parent)
    assert lived.night.code == 0
    assert len(versions) == 3
    assert lived.night.version == versions[2] == current_version(lived.soak.home)
    before = {row[:2]: row[2] for row in lived.ids[0] if row[0] != GONE}
    after = {row[:2]: row[2] for row in lived.ids[2]}
    assert before.keys() < after.keys(), "what came that night is there, too"
    kept = [record for record, customer_id in before.items() if after[record] == customer_id]
    assert len(kept) > len(before) * 0.9, (
        "records keep their ids, but for merges that new records bring about"
    )
    assert ledger_files(lived.soak)[: len(lived.ledger)] == lived.ledger, "only ever added to"


def test_customers_known_only_through_a_delivery_past_its_term_are_gone(lived: Lived) -> None:
    gone = {row[:2] for row in lived.ids[0] if row[0] == GONE}
    others = {row[2] for row in lived.ids[0] if row[0] != GONE}
    only_there = {row[2] for row in lived.ids[0]} - others
    assert only_there, "the control"
    assert not gone & {row[:2] for row in lived.ids[2]}
    assert not only_there & {row[2] for row in lived.ids[2]}
    assert f"{GONE}: 1 delivery with" in lived.soak.said


def test_every_row_is_accounted_for_and_a_restored_backup_gives_the_same_view(lived: Lived) -> None:
    assert unaccounted(lived.soak) == []
    assert differing_tables(lived.soak, lived.soak.as_of(3)) == []


def test_the_account_of_a_soak_tells_lost_invented_and_miscounted_rows(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    home = Home(tmp_path / "home")
    (taken,) = home.take(home.source("list", {"a.csv": GOOD}))
    soak = Soak(tmp_path, seed=1, people=1, first_day=OLD_DAY)
    name = str(taken.delivery_id)

    def told(delivery_id: str, rows: int) -> str:
        soak.vendor.delivered = {delivery_id: Parcel("list", tmp_path / "a.csv", rows, delivery_id)}
        return "; ".join(unaccounted(soak))

    assert told(name, 1) == ""
    assert "2 rows delivered, in and judged [1, 1, 0, 0]" in told(name, 2)
    assert "neither taken nor refused" in told("0" * 32, 1)
    assert "a delivery that nobody sent" in told("0" * 32, 1)
    manifest = list_deliveries(home.root)[0]
    write_manifest(home.root, {**manifest, "accepted": 0, "duplicate": 1})
    assert "its manifest tells otherwise" in told(name, 1)
    parquet_path(home.root, manifest).write_bytes(b"PAR1")
    assert f"raw of {name} does not verify" in told(name, 1)
