"""Rotation where `ucv` cannot write the keys, and what `ucv keys` shows."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

from pipelines.cli import app
from pipelines.errors import SettingsError
from pipelines.settings import Settings, load_settings


@pytest.fixture
def home(exports_copy: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    shutil.copy(exports_copy.key_path, tmp_path / "vault.json")
    monkeypatch.setenv("UCV_KEY_COMMAND", f"cat {tmp_path}/vault.json")
    return load_settings(exports_copy.home)


def ucv(home: Settings, *words: object) -> tuple[object, str]:
    told = CliRunner().invoke(app, [*map(str, words), "--home", str(home.home)], env={"COLUMNS": "200"})
    return told.exception, told.output


def test_a_vault_gets_its_document_by_hand_and_then_the_home_rotates(home: Settings, tmp_path: Path) -> None:
    error, _ = ucv(home, "keys", "rotate")
    assert isinstance(error, SettingsError)
    assert "`ucv keys new --output" in str(error)
    error, told = ucv(home, "keys", "new", "--output", tmp_path / "next.json")
    assert error is None
    assert (tmp_path / "next.json").stat().st_mode & 0o777 == 0o600
    shutil.move(tmp_path / "next.json", tmp_path / "vault.json")
    error, told = ucv(home, "keys")
    assert error is None
    assert [line.split()[3:5] for line in told.splitlines() if line[:1] in "12"] == [
        ["in", "force"],
        ["waits", "0"],
    ]
    error, told = ucv(home, "keys", "rotate")
    assert error is None, error
    assert "Period 1 -> 2" in told
    error, told = ucv(home, "keys")
    assert [line.split()[3] for line in told.splitlines() if line[:1] in "12"] == ["earlier", "in"]


def test_a_file_that_no_key_opens_is_named(home: Settings) -> None:
    path = next((home.home / "raw").rglob("*.original"))
    path.write_bytes(path.read_bytes()[:-1] + b"?")
    error, told = ucv(home, "keys")
    assert isinstance(error, SystemExit)
    assert f"{path} opens with none of these keys." in told.replace("\n", "")
