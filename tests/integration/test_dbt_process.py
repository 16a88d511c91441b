"""dbt inside our process: how a part ends, that it never raises, and that no connection is left open."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from pipelines.assets.dbt_process import (
    NodeOutcome,
    build_part,
    close_warehouse,
    parsed_manifest,
    warehouse_cursor,
)
from pipelines.assets.table_facts import broken_rules
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


def test_the_project_is_parsed_once_and_taken_up_by_later_processes() -> None:
    first = parsed_manifest()
    assert parsed_manifest() is first
    parsed_manifest.cache_clear()
    again = parsed_manifest()
    assert again is not first
    assert set(again.nodes) == set(first.nodes)
