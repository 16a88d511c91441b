"""dbt inside our process: how a part ends, that it never raises, and that no connection is left open."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import duckdb
import pytest

from pipelines.assets import dbt_manifest
from pipelines.assets.dbt_process import (
    NodeOutcome,
    build_part,
    close_warehouse,
    parsed_manifest,
    warehouse_cursor,
)
from pipelines.assets.table_facts import broken_rules
from pipelines.errors import SettingsError
from pipelines.settings import Settings
from pipelines.storage.connection import attach_database, connect, prepare_connection
from pipelines.storage.home import create_home
from pipelines.storage.keys import load_keys


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Settings]:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    found = create_home(tmp_path / "home")
    monkeypatch.setenv("UCV_HOME", str(found.home))
    monkeypatch.setenv("UCV_AS_OF_DATE", "2026-11-01")
    monkeypatch.setenv("UCV_WAREHOUSE", str(tmp_path / "build" / "warehouse.duckdb"))
    yield found
    close_warehouse()


def built(settings: Settings, path: Path) -> duckdb.DuckDBPyConnection:
    """A database of its own with the file, which dbt has let go of."""
    close_warehouse()
    conn = connect(settings)
    prepare_connection(conn, settings, load_keys(settings))
    attach_database(conn, path, load_keys(settings), read_only=True)
    return conn


def test_a_part_is_built_and_told_node_by_node(settings: Settings, tmp_path: Path) -> None:
    heard: list[tuple[NodeOutcome, int]] = []
    outcome = build_part(["currency_rates"], tmp_path, lambda node, count: heard.append((node, count)))
    assert outcome.is_good
    assert [node.status for node in outcome.nodes] == ["success", "pass"]
    assert [count for _, count in heard] == [1, 2]
    assert {node.unique_id for node, _ in heard} == {node.unique_id for node in outcome.nodes}
    results = json.loads((tmp_path / "run_results.json").read_text(encoding="utf-8"))["results"]
    assert len(results) == 2
    with built(settings, tmp_path / "build" / "warehouse.duckdb") as conn:
        assert conn.execute("select count(*) > 10 from warehouse.reference.currency_rates").fetchone() == (
            True,
        )


def test_one_connection_serves_all_parts_and_gates_of_a_build_until_it_is_closed(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "build" / "warehouse.duckdb"
    assert warehouse_cursor(path) is None
    build_part(["currency_rates"], tmp_path, lambda *_: None)
    conn = warehouse_cursor(path)
    assert conn is not None
    with conn:
        conn.execute("create temp table mine as select 1 as n")
    assert warehouse_cursor(tmp_path / "another.duckdb") is None
    with monkeypatch.context() as patch:
        patch.setattr("pipelines.dbt_plugin.prepare_warehouse", lambda *_: pytest.fail("prepared again"))
        assert build_part(["contact_decay"], tmp_path, lambda *_: None).is_good
    close_warehouse()
    assert warehouse_cursor(path) is None

    other = tmp_path / "other" / "warehouse.duckdb"
    monkeypatch.setenv("UCV_WAREHOUSE", str(other))
    assert build_part(["currency_rates"], tmp_path, lambda *_: None).is_good
    assert other.exists()


def test_a_table_that_breaks_a_rule_fails_the_part_and_names_the_rule(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "build" / "warehouse.duckdb"
    path.parent.mkdir()
    with connect(settings) as conn:
        prepare_connection(conn, settings, load_keys(settings))
        attach_database(conn, path, load_keys(settings))
        conn.execute("create schema warehouse.reference")
        conn.execute(
            "create table warehouse.reference.currency_rates as "
            "select 'CNY' as currency, date '2026-01-01' as valid_from, 1 as rate from range(3)"
        )
    monkeypatch.setattr("pipelines.assets.dbt_process.BUILD", ["test"])
    outcome = build_part(["currency_rates"], tmp_path, lambda *_: None)
    assert not outcome.is_good
    (node,) = outcome.nodes
    assert (node.status, node.failures) == ("fail", 1)
    with built(settings, path) as conn:
        assert broken_rules(conn, node.compiled_sql) == {"currency, valid_from is unique": 3}


def test_a_warehouse_that_cannot_be_opened_ends_the_part_without_an_error(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "not_ours.duckdb"
    path.write_bytes(b"no database")
    monkeypatch.setenv("UCV_WAREHOUSE", str(path))
    outcome = build_part(["currency_rates"], tmp_path, lambda *_: None)
    assert not outcome.is_good
    assert outcome.nodes == ()


def test_a_warehouse_behind_a_link_is_found(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "disk").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "disk")
    path = tmp_path / "link" / "warehouse.duckdb"
    monkeypatch.setenv("UCV_WAREHOUSE", str(path))
    build_part(["currency_rates"], tmp_path, lambda *_: None)
    conn = warehouse_cursor(path)
    assert conn is not None
    conn.close()


def test_a_line_of_progress_that_fails_does_not_fail_the_node(settings: Settings, tmp_path: Path) -> None:
    assert build_part(["currency_rates"], tmp_path, lambda *_: 1 / 0).is_good


def test_what_was_parsed_serves_until_a_file_says_something_else_whatever_its_time(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    project = tmp_path / "project"
    (project / "models").mkdir(parents=True)
    model = project / "models" / "a.sql"
    model.write_text("select 1", encoding="utf-8")
    target = tmp_path / "target"
    for name, value in (
        ("DBT_PROJECT_DIR", project), ("TARGET_DIR", target), ("MANIFEST", target / "manifest.json"),
        ("_STAMP", target / "parsed.sha256"),
    ):  # fmt: skip
        monkeypatch.setattr(dbt_manifest, name, value)

    def parse(_words: list[str]) -> SimpleNamespace:
        (target / "manifest.json").write_text("{}", encoding="utf-8")
        return SimpleNamespace(success=True, result=object())

    monkeypatch.setattr(dbt_manifest, "invoke_dbt", parse)
    assert not dbt_manifest.is_parsed()
    dbt_manifest.ensure_manifest()
    assert dbt_manifest.is_parsed()
    os.utime(model)
    assert dbt_manifest.is_parsed()
    model.write_text("select 2", encoding="utf-8")
    os.utime(model, (0, 0))  # unpacked with the time of the archive
    assert not dbt_manifest.is_parsed()
    dbt_manifest.ensure_manifest()
    (target / "parsed.sha256").unlink()  # a process that died while it parsed
    assert not dbt_manifest.is_parsed()
    parsed_manifest.cache_clear()


def test_the_project_is_parsed_once_and_taken_up_by_later_processes() -> None:
    first = parsed_manifest()
    assert parsed_manifest() is first
    parsed_manifest.cache_clear()
    again = parsed_manifest()
    assert again is not first
    assert set(again.nodes) == set(first.nodes)
    assert set(again.flat_graph["nodes"]) >= set(first.nodes)  # macros read the matching specification in it


def test_a_wrong_matching_specification_stops_before_dbt_renders_sql_from_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def refused() -> None:
        raise SettingsError("models/identity/_match_specification.yml:7: no such comparator")

    parsed_manifest.cache_clear()
    monkeypatch.setattr(dbt_manifest, "is_parsed", lambda: False)
    monkeypatch.setattr(dbt_manifest, "_STAMP", tmp_path / "parsed.sha256")
    monkeypatch.setattr(dbt_manifest, "match_specification", refused)
    monkeypatch.setattr(dbt_manifest, "invoke_dbt", lambda _words: pytest.fail("dbt was asked"))
    with pytest.raises(SettingsError, match="yml:7: no such comparator"):
        parsed_manifest()
