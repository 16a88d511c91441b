"""Publishing: what is in a version, and that readers see a whole one at every moment."""

from __future__ import annotations

import shutil
import threading
from collections import namedtuple
from datetime import timedelta
from pathlib import Path

import pytest
from publishing_home import SECRET, START, Home

from pipelines.errors import PublishError
from pipelines.publishing.history import read_history
from pipelines.publishing.query import open_reader, run_query
from pipelines.publishing.switch import switch_to
from pipelines.publishing.version import (
    current_manifest,
    current_version,
    list_versions,
    read_manifest,
    verify_version,
)


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path / "home")


def test_published_objects_are_tables_of_golden_and_marts_only(home: Home) -> None:
    manifest = home.publish()
    conn = home.open(home.path / "warehouse" / "versions" / "current" / "warehouse.duckdb")
    tables = conn.execute(
        "select schema_name || '.' || table_name from duckdb_tables() "
        "where database_name = 'warehouse' order by 1"
    ).fetchall()
    views = conn.execute("select count(*) from duckdb_views() where not internal").fetchone()
    assert (
        [name for (name,) in tables] == ["golden.customers", "marts.customer_360"] == sorted(manifest.tables)
    )
    assert views == (0,)
    assert manifest.tables["golden.customers"].rows == 3
    assert current_manifest(home.path) == manifest


def test_descriptions_travel_with_tables_and_columns(home: Home) -> None:
    home.publish()
    conn = home.open(home.path / "warehouse" / "versions" / "current" / "warehouse.duckdb")
    assert conn.execute("select comment from duckdb_tables() where table_name = 'customers'").fetchone() == (
        "One row per customer.",
    )
    assert conn.execute("select comment from duckdb_columns() where column_name = 'night'").fetchall()[0] == (
        "The build's number.",
    )


def test_published_file_is_encrypted_and_the_other_layers_do_not_travel(home: Home) -> None:
    home.publish(home.build(1, rows=1))
    published = home.path / "warehouse" / "versions" / "current" / "warehouse.duckdb"
    content = published.read_bytes()
    assert SECRET.encode() not in content
    assert b"marked 0" not in content


def test_a_shortened_file_is_noticed(home: Home) -> None:
    version = home.publish().version
    published = home.path / "warehouse" / "versions" / version / "warehouse.duckdb"
    published.write_bytes(published.read_bytes()[:-1])
    with pytest.raises(PublishError, match="damaged"):
        verify_version(home.path, version)


def test_second_publish_moves_the_switch_and_keeps_the_first_version(home: Home) -> None:
    first, second = home.publish(), home.publish()
    assert list_versions(home.path) == [first.version, second.version]
    assert current_version(home.path) == second.version
    assert list(run_query(home.settings, home.keys, "select distinct night from customers").rows) == [(2,)]
    stems = [
        name.rpartition(".")[0].rpartition(".")[0] for name in home.ledger()
    ]  # without checksum and suffix
    assert stems == [f"000001-{first.version}", f"000002-{second.version}"]
    assert second.ledger_file == home.ledger()[1]
    assert [(line["version"], line["action"], line["run_id"]) for line in read_history(home.path)] == [
        (first.version, "published", "run-1"),
        (second.version, "published", "run-2"),
    ]


def test_the_manifest_reads_back_as_written(home: Home) -> None:
    manifest = home.publish()
    assert read_manifest(home.path, manifest.version) == manifest
    assert manifest.version == "v20261124T023000Z-000000"
    assert manifest.build_id == "b001"
    assert manifest.tables["golden.customers"].columns[2] == ("amount", "DECIMAL(9,2)")


def test_versions_stay_sorted_when_two_share_a_second_or_the_clock_goes_back(home: Home) -> None:
    names = [home.publish(now=START - timedelta(hours=hour)).version for hour in (0, 0, 5)]
    assert names == sorted(set(names))
    assert current_version(home.path) == names[-1]


def test_the_switch_is_one_rename(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = home.publish(), home.publish()
    seen: list[str | None] = []

    def refuse(source: Path, target: Path) -> None:
        seen.append(current_version(home.path))
        raise OSError(5, "Input/output error")

    with monkeypatch.context() as patch:
        patch.setattr("pipelines.publishing.switch.os.replace", refuse)
        with pytest.raises(OSError, match="Input/output"):
            switch_to(home.path, first.version)
    assert seen == [second.version]
    assert current_version(home.path) == second.version
    switch_to(home.path, first.version)
    assert current_version(home.path) == first.version


def test_only_the_last_versions_stay_and_builds_go(tmp_path: Path) -> None:
    home = Home(tmp_path / "home", keep_versions=2)
    manifests = [home.publish() for _ in range(4)]
    assert list_versions(home.path) == [manifest.version for manifest in manifests[2:]]
    assert len(home.ledger()) == 4  # pruning a version never forgets its customer ids
    assert [path.name for path in (home.path / "warehouse" / "builds").iterdir()] == ["b004"]
    pruned = [line["version"] for line in read_history(home.path) if line["action"] == "pruned"]
    assert pruned == [manifest.version for manifest in manifests[:2]]


def test_the_rollback_target_is_never_pruned(tmp_path: Path) -> None:
    home = Home(tmp_path / "home", keep_versions=1)
    manifests = [home.publish() for _ in range(3)]
    assert list_versions(home.path) == [manifest.version for manifest in manifests[1:]]


@pytest.mark.long
def test_a_reader_keeps_its_version_while_twenty_others_are_published(tmp_path: Path) -> None:
    home = Home(tmp_path / "home", keep_versions=1)
    home.publish(home.build(0, rows=300_000))
    conn = open_reader(home.settings, home.keys)
    result = run_query(home.settings, home.keys, "select night, note from customers")
    seen: list[object] = []
    stop = threading.Event()

    def look() -> None:
        last = -1
        while not stop.is_set():
            try:
                rows = list(run_query(home.settings, home.keys, "select distinct night from customers").rows)
                assert len(rows) == 1, rows
                assert rows[0][0] >= last, (rows, last)
                last = rows[0][0]
                seen.append(last)
            except BaseException as error:  # handed to the test's own thread
                seen.append(error)
                return

    reader = threading.Thread(target=look)
    reader.start()
    for night in range(1, 21):
        home.publish(home.build(night))
        assert conn.execute("select sum(night), count(distinct note) from customers").fetchone() == (
            0,
            300_000,
        )
    stop.set()
    reader.join()
    assert not [found for found in seen if isinstance(found, BaseException)]
    assert len(seen) > 1
    assert sum(1 for row in result.rows if row[0] == 0) == 300_000
    assert len(list_versions(home.path)) == 2


def test_too_little_space_is_refused_before_anything_is_written(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = home.publish()
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(shutil, "disk_usage", lambda path: usage(10**12, 10**12, 1000))
    with pytest.raises(PublishError, match="1,000 bytes free"):
        home.publish()
    assert list_versions(home.path) == [first.version]
    assert home.leftovers() == []


def test_a_disk_that_fills_while_copying_leaves_readers_and_no_rest(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = home.publish()

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("pipelines.publishing.publish.write_snapshot", full)
    with pytest.raises(PublishError, match="No space left"):
        home.publish()
    assert current_version(home.path) == first.version
    assert home.leftovers() == []


def test_a_build_without_published_tables_is_refused(home: Home) -> None:
    with pytest.raises(PublishError, match="No build at"):
        home.publish(home.build(1).with_name("other.duckdb"))
    empty = home.path / "warehouse" / "builds" / "empty" / "warehouse.duckdb"
    home.run_on_build(
        empty, "create schema warehouse.staging; create table warehouse.staging.x as select 1 as a"
    )
    with pytest.raises(PublishError, match="no table in golden or marts"):
        home.publish(empty)
    assert current_version(home.path) is None
    assert home.leftovers() == []


def test_a_view_that_fails_is_named_without_its_values(home: Home) -> None:
    build = home.build(1)
    sql = "create view warehouse.marts.broken as select note::integer as n from warehouse.golden.customers"
    home.run_on_build(build, sql)
    with pytest.raises(PublishError) as caught:
        home.publish(build)
    assert "marts.broken" in str(caught.value)
    assert "marked" not in str(caught.value)


def test_a_build_that_readers_see_is_not_published_again_by_a_run_that_goes_on_with_it(home: Home) -> None:
    build = home.build(1)
    first = home.publish(build, run_id="r1", fingerprint="f" * 64)
    assert home.publish(build, run_id="r2", fingerprint="f" * 64) == first
    assert list_versions(home.path) == [first.version]
    assert len(home.ledger()) == 1
