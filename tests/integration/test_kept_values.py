"""Standardised values of one night serve the next: the same answers, only for values still there, never in clear."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import pytest

from benchmarks.registrations import registrations
from benchmarks.standardise import STAGES, column_lists, model_sql
from pipelines.functions import registry
from pipelines.functions.registry import FUNCTIONS
from pipelines.settings import Settings
from pipelines.storage import standardised
from pipelines.storage.connection import attach_database, prepare_connection
from pipelines.storage.home import create_home
from pipelines.storage.keys import load_keys
from pipelines.storage.standardised import (
    KEPT_MODELS,
    create_kept_views,
    forget_standardised,
    keep_standardised,
)

PEOPLE = 60
FILLED_IN = "1970-01-01"  # by a form, for so many names that it counts as junk
ON_DISTINCT_VALUES = (
    "standardise_phone", "split_phones", "split_emails", "standardise_email", "standardise_name", "standardise_address",
    "standardise_organisation", "nickname_roots", "name_phonetic",
)  # fmt: skip


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    return create_home(tmp_path / "home")


def records(seed: int = 7) -> pd.DataFrame:
    frame = registrations(PEOPLE, column_lists()["person_columns"], seed)
    frame.loc[::9, "organisation_name"] = "南京华盛科技有限公司"
    frame.loc[::7, "phone"] = "13912340021/025-83456789"
    frame.loc[::11, "email"] = "wang.wei@sina.com; wangwei@huasheng.cn"
    frame.loc[frame.index % 3 > 0, "birth_date"] = FILLED_IN
    return frame


def night(settings: Settings, frame: pd.DataFrame) -> dict[str, list[Any]]:
    """Build the layer with what is kept, keep it, and return every table's rows."""
    conn = duckdb.connect()
    keys = load_keys(settings)
    prepare_connection(conn, settings, keys)
    database = settings.home / "build.duckdb"
    database.unlink(missing_ok=True)
    attach_database(conn, database, keys)
    create_kept_views(conn, settings.home)
    conn.execute("CREATE SCHEMA warehouse.standardise; USE warehouse.standardise")
    conn.register("frame", frame)
    conn.execute("CREATE TABLE stg_records AS SELECT * FROM frame")
    for model in STAGES:
        conn.execute(f"CREATE TABLE {model} AS {model_sql(model)}")
    keep_standardised(conn, settings.home)
    tables = {model: conn.execute(f"SELECT * FROM {model} ORDER BY ALL").fetchall() for model in STAGES}
    conn.close()
    return tables


def files(settings: Settings) -> list[Path]:
    return sorted((settings.home / "warehouse" / "standardised").rglob("*.parquet"))


def kept_rows(settings: Settings, model: str) -> list[Any]:
    conn = duckdb.connect()
    prepare_connection(conn, settings, load_keys(settings))
    create_kept_views(conn, settings.home)
    return conn.execute(f"SELECT * FROM memory.kept.{model}").fetchall()


def test_kept_values_give_what_standardising_gives(settings: Settings) -> None:
    first, second = records(), records(seed=8)
    night(settings, first)
    mixed = pd.concat([first.iloc[: PEOPLE // 2], second.iloc[PEOPLE // 2 :]])
    with_kept = night(settings, mixed)
    forget_standardised(settings.home)
    assert with_kept == night(settings, mixed)
    assert all(with_kept[model] for model in STAGES)


def test_a_value_is_standardised_once_for_all_nights(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    expected = night(settings, records())

    def refuse(*values: str | None) -> None:
        raise AssertionError(values)

    with_refusal = [
        replace(function, function=refuse) if function.name in ON_DISTINCT_VALUES else function
        for function in FUNCTIONS
    ]
    monkeypatch.setattr(registry, "FUNCTIONS", with_refusal)
    assert night(settings, records()) == expected
    forget_standardised(settings.home)
    with pytest.raises(duckdb.InvalidInputException):
        night(settings, records())


def test_values_that_left_raw_leave_what_is_kept(settings: Settings) -> None:
    frame = records()
    night(settings, frame)
    night(settings, frame.iloc[1:PEOPLE:2])
    asked = set(frame.iloc[1:PEOPLE:2]["email"])
    assert {row[0] for row in kept_rows(settings, "std_emails")} == asked
    assert set(frame["email"]) - asked


def test_other_code_finds_nothing_kept_and_clears_what_was(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    expected = night(settings, records())
    monkeypatch.setattr(standardised, "standardise_version", lambda: "other")
    assert all(kept_rows(settings, model) == [] for model in KEPT_MODELS)
    assert night(settings, records()) == expected
    assert {path.parent.name for path in files(settings)} == {"other"}


def test_a_damaged_file_costs_time_and_nothing_else(settings: Settings) -> None:
    expected = night(settings, records())
    for path in files(settings):
        path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    assert night(settings, records()) == expected
    assert kept_rows(settings, "std_emails")


def test_no_kept_value_lies_in_clear(settings: Settings) -> None:
    frame = records()
    night(settings, frame)
    assert len(files(settings)) == len(KEPT_MODELS)
    for path in files(settings):
        stored = path.read_bytes()
        assert stored.startswith(b"PARE")  # not PAR1: the footer is encrypted too
        assert not any(str(value).encode() in stored for value in frame["email"].dropna())
