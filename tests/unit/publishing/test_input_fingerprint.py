"""The fingerprint changes with every input of a night, and with nothing else."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from test_versions import MANIFEST

from pipelines.publishing import fingerprint as subject
from pipelines.publishing.fingerprint import input_fingerprint, nothing_new
from pipelines.publishing.switch import switch_to
from pipelines.publishing.version import write_manifest
from pipelines.settings import Settings

DAY = date(2026, 11, 22)


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    project = tmp_path / "project"
    monkeypatch.setattr(subject, "PROJECT_ROOT", project)
    monkeypatch.setattr(subject, "DBT_PROJECT_DIR", project / "dbt_project")
    write(project / "pipelines" / "a.py", "code")
    write(project / "dbt_project" / "models" / "m.sql", "select 1")
    home = tmp_path / "home"
    write(home / "contracts" / "web.yml", "id: web")
    write(home / "raw" / "registration" / "web" / "d1.parquet", "rows")
    write(home / "state" / "match_models" / "1.csv", "model")
    return home


def write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


def take(home: Path, day: date = DAY) -> str:
    return input_fingerprint(Settings(home=home), home / "contracts", day)


@pytest.mark.parametrize(
    "change",
    [
        lambda home: write(home / "raw" / "registration" / "web" / "d2.parquet", "rows"),
        lambda home: write(home / "raw" / "registration" / "web" / "d1.parquet", "sort"),
        lambda home: (home / "raw" / "registration" / "web" / "d1.parquet").rename(
            home / "raw" / "d1.parquet"
        ),
        lambda home: write(home / "state" / "suppressions.parquet", "one"),
        lambda home: write(home / "contracts" / "web.yml", "id: web2"),
        lambda home: write(home / "contracts" / "new.yaml", "id: new"),
        lambda home: write(home.parent / "project" / "pipelines" / "a.py", "edoc"),
        lambda home: write(home.parent / "project" / "pipelines" / "contracts" / "fields.csv", "x"),
        lambda home: write(home.parent / "project" / "dbt_project" / "models" / "m.sql", "select 2"),
    ],
)
def test_every_input_counts(home: Path, change: Callable[[Path], None]) -> None:
    before = take(home)
    assert take(home) == before
    change(home)
    assert take(home) != before


@pytest.mark.parametrize(
    "name",
    [
        "home/state/versions.jsonl",
        "home/state/identity_ledger/000001-v.parquet",
        "home/raw/registration/web/.d9.parquet.tmp",
        "home/landing/web/new.csv",
        "home/warehouse/builds/b/warehouse.duckdb",
        "project/dbt_project/target/run/m.sql",
        "project/dbt_project/logs/dbt.yml",
        "project/pipelines/notes.txt",
    ],
)
def test_what_a_run_itself_leaves_does_not_count(home: Path, name: str) -> None:
    before = take(home)
    write(home.parent / name, "x")
    assert take(home) == before


def test_day_and_packages_count(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = take(home)
    assert take(home, date(2026, 11, 23)) != before
    monkeypatch.setattr(subject, "version", lambda name: "0")
    assert take(home) != before


def test_day_and_contracts_default_to_the_homes(home: Path) -> None:
    assert input_fingerprint(Settings(home=home, as_of_date=DAY)) == take(home)


def test_nothing_is_new_only_when_the_published_version_has_the_same_inputs(home: Path) -> None:
    settings = Settings(home=home)
    assert not nothing_new(settings, "same")
    folder = home / "warehouse" / "versions" / MANIFEST.version
    write_manifest(folder, replace(MANIFEST, input_fingerprint="same"))
    switch_to(home, MANIFEST.version)
    assert nothing_new(settings, "same")
    assert not nothing_new(settings, "other")
    write(folder / "manifest.json", "damaged")
    assert not nothing_new(settings, "same")
