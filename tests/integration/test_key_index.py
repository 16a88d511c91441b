"""A new delivery is compared with an index of keys, not with the source's history; the index is worth no more than raw is."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path

import pytest
from delivery_home import HEADER, Home

from pipelines.contracts.load import load_contracts
from pipelines.contracts.model import Contract
from pipelines.ingest import key_index
from pipelines.ingest.earlier import all_in_order
from pipelines.ingest.erasing import erase_source
from pipelines.ingest.key_index import compared_with, covered
from pipelines.ingest.raw_retention import expire_raw
from pipelines.ingest.report import DeliveryReport
from pipelines.storage.connection import open_connection

RETENTION = "slaProperties: [{property: retention, value: 30, unit: d}]"


class Nobody:
    """No one is erased."""

    is_idle = True

    def has_record(self, _source: str, _record: str) -> bool:
        return False

    def verdict(self, *_told: object) -> None:
        return None

    def verdict_of_line(self, *_told: object) -> None:
        return None


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setattr(key_index, "_MOST_FILES", 0)  # written with every delivery
    return Home(tmp_path / "home")


def deliver(home: Home, contract: Contract, day: int, *rows: str) -> DeliveryReport:
    path = home.landing(contract.id) / f"{day:02d}.csv"
    path.write_text(HEADER + "".join(f"{row}\n" for row in rows), "utf-8")
    moment = datetime(2026, 1, day, tzinfo=UTC).timestamp()
    os.utime(path, (moment, moment))
    return next(one for one in home.take(contract, datetime(2026, 2, day)) if one.file_name == path.name)


def files(home: Home) -> dict[str, Path]:
    return {path.name: path for path in home.root.glob("raw/*/people/.keys*")}


def test_rows_of_the_history_are_known_without_reading_it(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    contract = home.source("people")
    deliver(home, contract, 1, "1,a,2026-01-01", "2,b,2026-01-01")
    deliver(home, contract, 2, "3,c,2026-01-01", "1,z,2026-01-02")
    deliver(home, contract, 3, "9,x,2026-01-02")
    read: list[str] = []
    relation = key_index.relation_of

    def noting(root: Path, kind: str, manifests: list[dict[str, str]]) -> str:
        read.extend(one["file_name"] for one in manifests)
        return relation(root, kind, manifests)

    monkeypatch.setattr(key_index, "relation_of", noting)
    # A value that went and came back is a change; what stands is known.
    report = deliver(
        home, contract, 4, "1,a,2026-01-01", "2,b,2026-01-01", "1,z,2026-01-02", "4,d,2026-01-01"
    )
    assert (report.accepted, report.duplicate) == (2, 2)
    assert read == ["03.csv"]


@pytest.mark.parametrize("harm", ["gone", "damaged", "without its list", "of other deliveries"])
def test_an_index_that_is_of_no_use_is_made_again_from_raw(home: Home, harm: str) -> None:
    contract = home.source("people")
    deliver(home, contract, 1, "1,a,2026-01-01", "2,b,2026-01-01")
    deliver(home, contract, 2, "3,c,2026-01-01")
    found = files(home)
    if harm == "gone":
        found[".keys"].unlink()
    elif harm == "damaged":
        content = bytearray(found[".keys"].read_bytes())
        content[len(content) // 2] ^= 4
        found[".keys"].write_bytes(content)
    elif harm == "without its list":
        found[".keys_made_of"].write_text("{", "utf-8")
    else:
        path = found[".keys_made_of"]
        path.write_text(path.read_text("utf-8").replace('"deliveries": ["', '"deliveries": ["0'), "utf-8")
    report = deliver(home, contract, 3, "2,b,2026-01-01", "5,e,2026-01-01")
    assert (report.accepted, report.duplicate) == (1, 1)
    assert covered(home.root, contract, all_in_order(contract, home.root)[:2]) == 2


def test_a_late_delivery_is_judged_by_what_came_before_it(home: Home) -> None:
    contract = home.source("people")
    deliver(home, contract, 5, "1,a,2026-01-01")
    deliver(home, contract, 7, "1,b,2026-01-02")
    deliver(home, contract, 9, "8,h,2026-01-02")
    late = deliver(home, contract, 6, "1,b,2026-01-02", "1,a,2026-01-01")
    assert (late.accepted, late.duplicate) == (1, 1)
    # The index was made of other deliveries than those before the next one.
    assert len(compared_with(home.root, contract, all_in_order(contract, home.root))) == 4


def test_the_index_is_encrypted_and_goes_with_the_rows_it_tells_of(home: Home) -> None:
    contract = home.source("people", more=RETENTION)
    key = "K-4711-of-somebody"
    deliver(home, contract, 1, f"{key},a,2026-01-01")
    deliver(home, contract, 2, "3,c,2026-01-01")
    found = files(home)
    assert sorted(found) == [".keys", ".keys_made_of"]
    assert not any(key.encode() in path.read_bytes() for path in found.values())
    expire_raw(load_contracts(home.root), home.root, datetime(2026, 2, 20, tzinfo=UTC))
    assert sorted(files(home)) == [".keys", ".keys_made_of"]  # nothing is past its term
    expire_raw(load_contracts(home.root), home.root, datetime(2026, 3, 4, tzinfo=UTC))
    assert files(home) == {}


def test_an_erasure_takes_the_index_as_well(home: Home) -> None:
    contract = home.source("people")
    deliver(home, contract, 1, "1,a,2026-01-01")
    deliver(home, contract, 2, "3,c,2026-01-01")
    assert files(home)
    with open_connection(home.settings, home.keys) as conn:
        erase_source(contract, home.settings, home.keys, conn, Nobody(), "E1")
    assert files(home) == {}
