"""Every connection spills inside its own home, encrypted, wherever the process was started."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from pipelines.assets.nightly import Nightly
from pipelines.dbt_plugin import Plugin
from pipelines.settings import load_settings
from pipelines.storage.connection import connect, prepare_connection
from pipelines.storage.home import create_home
from pipelines.storage.keys import load_keys

SORT = "create or replace temp table sorted as select md5(i::varchar) as m from range(4000000) as t(i) order by m"


def plugin_connection(home: Path, monkeypatch: pytest.MonkeyPatch) -> duckdb.DuckDBPyConnection:
    """A connection as a dbt child process gets it, with memory for half of what it sorts."""
    monkeypatch.setenv("UCV_HOME", str(home))
    plugin = Plugin("ucv", {}, None)
    plugin.initialize({})
    conn = duckdb.connect(":memory:", config={"memory_limit": "120MB", "threads": 1})
    plugin.configure_connection(conn)
    return conn


@pytest.fixture
def homes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    monkeypatch.chdir(elsewhere)
    return [create_home(tmp_path / name).home for name in ("one", "two")]


def spills(home: Path) -> list[Path]:
    return sorted((home / "warehouse").glob(".spill-*"))


def test_dbt_connections_of_two_homes_spill_apart_and_leave_nothing(
    homes: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    connections = [plugin_connection(home, monkeypatch) for home in homes]
    for conn in connections:
        conn.execute(SORT)
    assert [len(spills(home)) for home in homes] == [1, 1], "both must spill for this test to say anything"
    for conn in connections:
        assert conn.execute("select count(distinct m) from sorted").fetchone() == (4_000_000,)
        assert conn.execute("select current_setting('temp_file_encryption')").fetchone() == (True,)
        conn.close()
    assert [spills(home) for home in homes] == [[], []]
    assert list(Path.cwd().iterdir()) == []


def test_a_connection_prepared_twice_keeps_its_directory(homes: list[Path]) -> None:
    settings = load_settings(homes[0], memory_limit="120MB", threads=1)
    conn = connect(settings)
    prepare_connection(conn, settings, load_keys(settings))
    before = conn.execute("select current_setting('temp_directory')").fetchone()
    conn.execute(SORT)
    prepare_connection(conn, settings, load_keys(settings))  # DuckDB would refuse another directory by now
    assert conn.execute("select current_setting('temp_directory')").fetchone() == before


def test_the_steps_of_a_run_spill_in_their_home(homes: list[Path]) -> None:
    from dagster import build_init_resource_context  # noqa: PLC0415

    with Nightly(home=str(homes[1])).yield_for_execution(build_init_resource_context()) as nightly:
        nightly.begin_build()
        for opened in (nightly.raw, nightly.warehouse):
            with opened() as conn:
                (place,) = conn.execute("select current_setting('temp_directory')").fetchone() or ("",)
                assert Path(place).parent == homes[1] / "warehouse"
