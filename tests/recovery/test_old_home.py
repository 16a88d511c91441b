"""A home of an earlier release is upgraded, one of a later release is refused; test_soak.py lets nights follow."""

from __future__ import annotations

import json
import os
from datetime import UTC, datetime
from pathlib import Path

import pytest
from stored_rows import unverified

from pipelines.errors import SettingsError
from pipelines.ingest.originals import is_original_intact
from pipelines.ingest.raw_store import list_deliveries, manifest_path
from pipelines.publishing import restore as restoring
from pipelines.publishing.backup import backup
from pipelines.settings import load_settings
from pipelines.storage.connection import open_connection
from pipelines.storage.home import create_home
from pipelines.storage.home_version import HOME_VERSION, VERSION_FILE, home_version, write_home_version
from pipelines.storage.keys import load_keys
from pipelines.upgrade import STEPS, upgrade_home
from tests.recovery.keeping import unpack_old_home

KEYS_OF_TODAY = {
    "loaded_at",
    "absent_columns",
    "first_event_at",
    "latest_event_at",
    "repairs",
    "header",
    "origin",
}


@pytest.fixture
def old(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    return unpack_old_home(tmp_path)


def test_an_old_home_gets_every_key_and_loses_nothing(old: Path) -> None:
    settings = load_settings(old)
    keys = load_keys(settings)
    before = {m["delivery_id"]: m for m in list_deliveries(old)}
    for manifest in before.values():
        os.utime(manifest_path(old, manifest), (0, 0))
    assert home_version(old) == 1
    assert not set(next(iter(before.values()))) >= KEYS_OF_TODAY, "the control: it is of the old form"
    assert "event_log_storage" not in (old / "dagster" / "dagster.yaml").read_text()
    assert "form 1 to 2" in str(upgrade_home(settings, keys))
    after = {m["delivery_id"]: m for m in list_deliveries(old)}
    assert {name: {**after[name], **facts} for name, facts in before.items()} == after, (
        "nothing told was changed"
    )
    assert all(set(manifest) >= KEYS_OF_TODAY for manifest in after.values())
    assert {m["loaded_at"][:16] for m in after.values()} == {"2026-11-26T07:11"}, (
        "as the rows tell, not the files' time"
    )
    assert unverified(old) == []
    assert all(is_original_intact(old, manifest, keys) for manifest in after.values()), (
        "originals packed by gzip"
    )
    assert "event_log_storage" in (old / "dagster" / "dagster.yaml").read_text()
    assert home_version(old) == HOME_VERSION
    assert upgrade_home(settings, keys) is None


def test_a_delivery_without_rows_was_loaded_when_its_manifest_was_written(old: Path) -> None:
    settings = load_settings(old)
    manifest = list_deliveries(old)[0]
    path = manifest_path(old, manifest)
    with open_connection(settings, load_keys(settings)) as conn:
        conn.execute(
            f"COPY (SELECT NULL::TIMESTAMP AS loaded_at LIMIT 0) TO '{path.with_suffix('.parquet')}' "
            "(FORMAT parquet, ENCRYPTION_CONFIG {footer_key: 'ucv'})"
        )
    upgrade_home(settings, load_keys(settings))
    written = datetime.fromisoformat(json.loads(path.read_text())["loaded_at"]).replace(tzinfo=UTC)
    assert written.year >= 2026


def test_an_upgrade_that_was_killed_goes_on(old: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = load_settings(old)
    keys = load_keys(settings)
    real = os.replace
    count = 0

    def dies(path: Path, target: Path) -> None:
        nonlocal count
        count += 1
        if count == 6:
            raise KeyboardInterrupt
        real(path, target)

    monkeypatch.setattr(os, "replace", dies)
    with pytest.raises(KeyboardInterrupt):
        upgrade_home(settings, keys)
    monkeypatch.undo()
    assert home_version(old) == 1
    done = [set(manifest) >= KEYS_OF_TODAY for manifest in list_deliveries(old)]
    assert True in done
    assert False in done
    upgrade_home(settings, keys)
    assert all(set(manifest) >= KEYS_OF_TODAY for manifest in list_deliveries(old))
    assert home_version(old) == HOME_VERSION


def test_every_number_has_a_step() -> None:
    assert sorted(STEPS) == list(range(1, HOME_VERSION))


@pytest.mark.parametrize(
    "words", [["run"], ["status"], ["query", "select 1"], ["upgrade"], ["check"], ["rollback"]]
)
def test_a_home_of_a_later_release_is_refused_before_any_work(words: list[str], old: Path) -> None:
    from typer.testing import CliRunner  # noqa: PLC0415

    from pipelines.cli import app  # noqa: PLC0415

    write_home_version(old, HOME_VERSION + 1)
    before = {path: path.stat().st_mtime_ns for path in old.rglob("*")}
    ended = CliRunner().invoke(app, [*words, "--home", str(old)])
    assert isinstance(ended.exception, SettingsError), ended.output
    assert f"form {HOME_VERSION + 1}" in str(ended.exception)
    assert f"up to {HOME_VERSION}" in str(ended.exception)
    assert {path: path.stat().st_mtime_ns for path in old.rglob("*")} == before


def test_a_backup_of_a_later_release_is_not_restored(old: Path, tmp_path: Path) -> None:
    settings = load_settings(old)
    write_home_version(old, HOME_VERSION + 1)
    archive = backup(settings, tmp_path / "b.tar").archive
    with pytest.raises(SettingsError, match="later"):
        restoring.restore(archive, tmp_path / "new")
    assert not list(tmp_path.glob("*new*"))


def test_a_number_that_is_none_is_told(old: Path) -> None:
    (old / VERSION_FILE).write_text("two")
    with pytest.raises(SettingsError, match="cannot be read as a number"):
        load_keys(load_settings(old))


def test_a_new_home_has_todays_form_and_an_old_one_keeps_its_own(old: Path, tmp_path: Path) -> None:
    create_home(tmp_path / "fresh")
    assert home_version(tmp_path / "fresh") == HOME_VERSION
    create_home(old)  # `ucv init` on a home that is there
    assert home_version(old) == 1
