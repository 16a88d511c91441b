"""`ucv backup` and `ucv restore` as somebody with an empty machine uses them: key file, words, refusals, a run meanwhile."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import pytest
from stored_rows import unverified
from typer.testing import CliRunner, Result

from pipelines.cli import app
from pipelines.errors import SettingsError
from pipelines.ingest.raw_store import list_deliveries
from pipelines.publishing.backup import BackupError
from pipelines.publishing.locks import HomeBusyError, home_lock
from pipelines.settings import load_settings
from pipelines.storage.keys import load_keys
from tests.integration.delivery_home import GOOD, HEADER, Home

BAD = "10,李小红,not a day\n"
ROWS = HEADER + "9,王小明,2026-01-01\n" + "".join(f"{n},x,2026-01-01\n" for n in range(11, 20)) + BAD


def call(*words: object) -> Result:
    return CliRunner().invoke(app, [str(word) for word in words])


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    home = Home(tmp_path / "home")
    home.take(home.source("list", {"a.csv": ROWS}))
    (home.root / "segments").mkdir()
    (home.root / "segments" / "ours.yml").write_text("name: ours\n")
    return home


def files(root: Path) -> dict[str, bytes]:
    kept = ("raw", "state", "contracts", "quarantine", "segments")
    return {
        str(path.relative_to(root)): path.read_bytes()
        for folder in kept
        for path in (root / folder).rglob("*")
        if path.is_file()
    }


def test_an_empty_machine_gets_everything_back_once_it_has_the_key(
    home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = home.settings.key_path.read_bytes()
    told = call("backup", tmp_path / "b.tar", "--home", home.root)
    assert told.exit_code == 0
    assert "NOT included" in told.output
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "elsewhere"))
    new = tmp_path / "new"
    told = call("restore", tmp_path / "b.tar", "--home", new)
    assert told.exit_code == 0, told.output
    settings = load_settings(new)
    assert f"put your copy at {settings.key_path}" in told.output
    assert files(new) == files(home.root)
    assert {"landing", "docs", "exports", "dagster"} <= {path.name for path in new.iterdir()}
    assert not settings.key_path.exists(), "a fresh key would open nothing"
    with pytest.raises(SettingsError, match="No key file"):
        load_keys(settings)
    settings.key_path.parent.mkdir(parents=True)
    settings.key_path.write_bytes(key)
    settings.key_path.chmod(0o600)
    assert load_keys(settings).master == home.keys.master
    assert unverified(new) == []
    assert call("rejects", "list", "--home", new).exit_code == 0, "rejected rows came back, too"
    assert list_deliveries(new) == list_deliveries(home.root)


def test_the_words_differ_when_the_key_is_there_or_is_another(home: Home, tmp_path: Path) -> None:
    call("backup", tmp_path / "b.tar", "--home", home.root)
    told = call("restore", tmp_path / "b.tar", "--home", tmp_path / "new")
    assert "is there and fits" in told.output
    path = home.settings.key_path
    path.unlink()
    other = Home(tmp_path / "other")
    path.write_bytes(
        other.settings.key_path.read_bytes().replace(
            other.settings.home_id.encode(), home.settings.home_id.encode()
        )
    )
    path.chmod(0o600)
    told = call("restore", tmp_path / "b.tar", "--home", tmp_path / "again")
    assert isinstance(told.exception, SettingsError)
    assert "is not the one" in str(told.exception)


@pytest.mark.parametrize("spoil", ["cut", "changed", "foreign", "gone"])
def test_what_is_no_whole_backup_is_refused_and_leaves_nothing(
    spoil: str, home: Home, tmp_path: Path
) -> None:
    archive = tmp_path / "b.tar"
    call("backup", archive, "--home", home.root)
    content = archive.read_bytes()
    spoilt = {
        "cut": content[: len(content) // 2],
        "changed": content.replace(b"name: ours", b"name: OURS"),
        "foreign": b"PK\x03\x04" + content,
        "gone": None,
    }[spoil]
    archive.unlink() if spoilt is None else archive.write_bytes(spoilt)
    told = call("restore", archive, "--home", tmp_path / "new")
    assert isinstance(told.exception, BackupError)
    assert str(archive) in str(told.exception)
    assert not list(tmp_path.glob("*new*"))


def test_a_home_that_is_used_is_not_restored_over(home: Home, tmp_path: Path) -> None:
    call("backup", tmp_path / "b.tar", "--home", home.root)
    before = files(home.root)
    told = call("restore", tmp_path / "b.tar", "--home", home.root)
    assert isinstance(told.exception, SettingsError)
    assert "not empty" in str(told.exception)
    assert files(home.root) == before


def test_a_mistyped_home_gives_no_empty_archive(tmp_path: Path) -> None:
    told = call("backup", tmp_path / "b.tar", "--home", tmp_path / "typo")
    assert isinstance(told.exception, SettingsError)
    assert list(tmp_path.iterdir()) == []


def test_a_backup_during_a_run_is_refused_and_the_run_after_it_goes_on(home: Home, tmp_path: Path) -> None:
    """The run is another process that holds the home, as every run does from its first step to its last."""
    held = tmp_path / "held"
    code = (
        "import sys, time; from pathlib import Path; from pipelines.settings import load_settings; "
        "from pipelines.publishing.locks import home_lock\n"
        f"with home_lock(load_settings(Path({str(home.root)!r}))): Path({str(held)!r}).touch(); sys.stdin.read()"
    )
    with subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.PIPE) as run:
        while not held.exists():
            assert run.poll() is None
            time.sleep(0.02)
        told = call("backup", tmp_path / "b.tar", "--home", home.root)
        assert isinstance(told.exception, HomeBusyError)
        assert f"process {run.pid}" in str(told.exception)
        assert not list(tmp_path.glob("*b.tar*"))
    assert call("backup", tmp_path / "b.tar", "--home", home.root).exit_code == 0
    with home_lock(home.settings):
        home.take(home.source("list", {"b.csv": GOOD.replace("9,", "20,")}))
    assert len(home.rows()) == 11
