"""The database that the steps of a run share is the same for all of them, until it no longer answers."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipelines.assets import run_database
from pipelines.assets.run_database import RunDatabase
from pipelines.storage.home import create_home
from pipelines.storage.keys import load_keys


def test_one_connection_serves_all_until_it_fails(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    settings = create_home(tmp_path / "home")
    database = RunDatabase(settings, load_keys(settings))
    first = database.connection()
    with first.cursor() as cursor:
        cursor.execute("create temp table mine as select 1 as n")
    assert database.connection() is first
    with database.connection().cursor() as cursor:
        assert cursor.execute("select standardise_gender('男')").fetchone() == ("male",)
        assert cursor.execute("select count(*) from duckdb_tables() where temporary").fetchone() == (0,)
    first.close()  # as after an internal error: every statement fails
    second = database.connection()
    assert second is not first
    assert run_database._answers(second)
    database.close()
    database.close()
