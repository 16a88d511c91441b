"""A damaged version or ledger file is noticed, and readers get a whole version."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from publishing_home import Home
from test_damage import flip

from pipelines.command.verify import Finding, verify
from pipelines.errors import UcvError
from pipelines.publishing.damage import check_ledger
from pipelines.publishing.fingerprint import nothing_new
from pipelines.publishing.query import run_query
from pipelines.publishing.version import current_version, list_versions
from pipelines.storage.checksums import DamageError


@pytest.fixture
def home(tmp_path: Path) -> Home:
    home = Home(tmp_path / "home")
    for _ in range(3):
        home.publish()
    (home.path / "contracts").mkdir()
    return home


def readers_see(home: Home) -> int:
    (row,) = run_query(home.settings, home.keys, "select distinct night from customers").rows
    return int(row[0])


def find(home: Home, *, repair: bool = False) -> list[Finding]:
    return verify(home.settings, home.keys, repair=repair)


def test_a_whole_home_has_no_damage(home: Home) -> None:
    assert find(home) == []
    assert nothing_new(home.settings, f"{3:064x}")


@pytest.mark.parametrize("name", ["warehouse.duckdb", "manifest.json"])
@pytest.mark.parametrize("damage", [flip, Path.unlink, lambda path: os.truncate(path, 4096)])
def test_a_damaged_current_version_is_left_for_a_whole_one(home: Home, name: str, damage: object) -> None:
    current = current_version(home.path)
    assert current is not None
    damage(home.path / "warehouse" / "versions" / current / name)  # type: ignore[operator]
    assert not nothing_new(home.settings, f"{3:064x}"), "the next night builds it anew"
    (finding,) = find(home)
    assert not finding.is_restored
    assert current in finding.what


def test_a_damaged_old_version_is_removed_and_readers_stay(home: Home) -> None:
    old = list_versions(home.path)[0]
    flip(home.path / "warehouse" / "versions" / old / "warehouse.duckdb")
    assert [finding.is_restored for finding in find(home, repair=True)] == [True]
    assert find(home) == []
    assert (readers_see(home), old in list_versions(home.path)) == (3, False)


def test_a_query_of_a_damaged_version_gives_an_error_and_no_wrong_row(home: Home) -> None:
    current = current_version(home.path)
    path = home.path / "warehouse" / "versions" / str(current) / "warehouse.duckdb"
    whole = path.read_bytes()
    told = []
    for place in range(12_288, len(whole), 4096):
        path.write_bytes(whole[:place] + bytes([whole[place] ^ 4]) + whole[place + 1 :])
        try:
            assert readers_see(home) == 3
        except UcvError as error:
            told.append(str(error))
    assert told
    assert all("ucv verify" in words for words in told)


def test_a_damaged_ledger_file_stops_the_night_and_comes_back_from_its_build(home: Home) -> None:
    path = home.path / "state" / "identity_ledger" / home.ledger()[-1]
    whole = path.read_bytes()
    flip(path)
    with pytest.raises(DamageError, match="readers keep"):
        check_ledger(home.path)
    assert [finding.is_restored for finding in find(home)] == [False]
    assert [finding.is_restored for finding in find(home, repair=True)] == [True]
    assert path.read_bytes() == whole
    check_ledger(home.path)


def test_a_ledger_file_of_no_build_is_told(home: Home) -> None:
    flip(home.path / "state" / "identity_ledger" / home.ledger()[0])
    (finding,) = find(home, repair=True)
    assert (finding.is_restored, finding.told) == (False, "take it from a backup")
