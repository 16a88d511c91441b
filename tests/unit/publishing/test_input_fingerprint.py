"""The fingerprint changes with every input of a night, and with nothing else."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from test_versions import MANIFEST

from pipelines.publishing import fingerprint as subject
from pipelines.publishing.fingerprint import input_fingerprint, nothing_new, read_inputs, rolled_back_from
from pipelines.publishing.history import ROLLED_BACK, append_event, event
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
        lambda home: write(home / "state" / "match_models" / "000002-hand-20261122.csv", "model"),
        lambda home: write(home / "contracts" / "web.yml", "id: web2"),
        lambda home: write(home / "contracts" / "new.yaml", "id: new"),
        lambda home: write(home / "goals" / "crm.yml", "goals: []"),
        lambda home: write(home.parent / "project" / "pipelines" / "a.py", "edoc"),
        lambda home: write(home.parent / "project" / "pipelines" / "contracts" / "fields.csv", "x"),
        lambda home: write(
            home.parent / "project" / "pipelines" / "functions" / "lists" / "placeholders.txt", "n/a"
        ),
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
        "home/state/match_models/000002-auto-20261122.csv",
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
    write_manifest(folder, replace(MANIFEST, input_fingerprint="same", files={}))
    switch_to(home, MANIFEST.version)
    assert nothing_new(settings, "same")
    assert not nothing_new(settings, "other")
    write(folder / "manifest.json", "damaged")
    assert not nothing_new(settings, "same")


def publish_by_hand(home: Path, version: str, fingerprint: str) -> None:
    folder = home / "warehouse" / "versions" / version
    write_manifest(
        folder, replace(MANIFEST, version=version, input_fingerprint=fingerprint, as_of_date=DAY.isoformat())
    )
    switch_to(home, version)


def test_inputs_of_a_rolled_back_version_are_known_on_any_later_day(home: Path) -> None:
    good, bad, next_one = (f"v2026112{day}T023000Z-aaaaaa" for day in (1, 2, 3))
    now = datetime(2026, 11, 23, tzinfo=UTC)
    publish_by_hand(home, good, "earlier inputs")
    publish_by_hand(home, bad, take(home))
    assert rolled_back_from(home, read_inputs(Settings(home=home))) is None
    switch_to(home, good)
    append_event(home, event(bad, ROLLED_BACK, now, None, to=good))
    inputs = read_inputs(Settings(home=home))
    assert inputs.fingerprint(date(2026, 12, 24)) != take(home)
    assert rolled_back_from(home, inputs) == bad
    write(home / "raw" / "registration" / "web" / "correction.parquet", "rows")
    assert rolled_back_from(home, read_inputs(Settings(home=home))) is None
    publish_by_hand(home, next_one, "mended")
    (home / "raw" / "registration" / "web" / "correction.parquet").unlink()
    assert rolled_back_from(home, read_inputs(Settings(home=home))) is None, "readers have moved on"
