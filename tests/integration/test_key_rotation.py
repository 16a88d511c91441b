"""A home goes to another key: whole at every kill, read by whoever reads, and no news for the next night."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from exports_home import DAY
from small_night import query

from pipelines.command.rotate import forget_period, rotate
from pipelines.command.rotate_files import opening_periods
from pipelines.command.verify import verify
from pipelines.errors import SettingsError, UcvError
from pipelines.publishing.backup import backup
from pipelines.publishing.fingerprint import read_inputs
from pipelines.publishing.locks import home_lock
from pipelines.publishing.query import open_reader
from pipelines.publishing.recovery import recover
from pipelines.publishing.restore import restore
from pipelines.publishing.version import current_version
from pipelines.settings import PROJECT_ROOT, Settings, load_settings
from pipelines.storage.key_period import is_changing, read_period
from pipelines.storage.keys import load_keys
from pipelines.storage.prepared import prepared_files

EVERYBODY = "SELECT customer_id FROM customers ORDER BY ALL"


class KillError(BaseException):
    """As if the process had died at this step."""


@pytest.fixture
def home(exports_copy: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """A copy of the published home with a key file of its own, since rotation writes both."""
    key = tmp_path / "key.json"
    shutil.copy(exports_copy.key_path, key)
    monkeypatch.setenv("UCV_KEY_FILE", str(key))
    return load_settings(exports_copy.home)


def periods(home: Settings) -> set[int | None]:
    return {period for _, period in opening_periods(home, load_keys(home))}


def killed_at(home: Settings, step: str) -> None:
    def hook(now: str) -> None:
        if now == step or (step == "prepare" and now.startswith("prepare current")):
            raise KillError

    with pytest.raises(KillError):
        rotate(home, hook)


def test_everything_opens_with_the_new_key_alone_and_means_the_same(home: Settings) -> None:
    everybody, inputs = query(home, EVERYBODY), read_inputs(home)
    token = load_keys(home).tokeniser()("somebody")
    done = rotate(home)
    assert (done.before, done.after, done.resumed) == (1, 2, 0)
    assert periods(home) == {2}
    assert query(home, EVERYBODY) == everybody
    assert verify(home, load_keys(home), repair=False) == []
    assert load_keys(home).tokeniser()("somebody") == token
    assert read_inputs(home) == inputs, "a change of keys is no news"
    forget_period(home, 1)
    assert load_keys(home).others == {}
    assert query(home, EVERYBODY) == everybody
    rotate(home)
    assert read_inputs(home) == inputs, "nor is a second one"


def test_what_is_killed_before_the_change_leaves_the_home_as_it_was_and_is_gone_on_with(
    home: Settings,
) -> None:
    everybody = query(home, EVERYBODY)
    for step in ("key", "documents", "journal"):
        killed_at(home, step)
        assert (read_period(home.home).number, periods(home)) == (1, {1}), step
        assert query(home, EVERYBODY) == everybody, step
        assert verify(home, load_keys(home), repair=False) == [], step
    done = rotate(home)
    assert done.resumed == done.files > 0, "what was prepared is taken"
    assert periods(home) == {2}
    assert sorted(load_keys(home).others) == [1], "no period was made twice"


def test_what_is_killed_within_the_change_is_finished_by_whoever_holds_the_home_next(
    home: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    everybody = query(home, EVERYBODY)
    moved = die_at = 0

    def hook(now: str) -> None:
        if now == "change":
            from pipelines.storage import key_period  # noqa: PLC0415

            real = key_period.move_file

            def some(*words: object) -> None:
                nonlocal moved
                moved += 1
                if moved == die_at:
                    raise KillError
                real(*words)  # type: ignore[arg-type]

            monkeypatch.setattr(key_period, "move_file", some)

    for rotation, turn in enumerate((1, 12, 25), start=2):
        moved, die_at = 0, turn
        with pytest.raises(KillError):
            rotate(home, hook)
        monkeypatch.undo()
        monkeypatch.setenv("UCV_KEY_FILE", str(home.key_path))
        monkeypatch.setenv("UCV_AS_OF_DATE", DAY.isoformat())
        assert is_changing(home.home)
        assert query(home, EVERYBODY) == everybody, "readers go on with files of two periods"
        with home_lock(home):
            assert not is_changing(home.home)
        assert periods(home) == {rotation}
        assert verify(home, load_keys(home), repair=False) == []
    assert prepared_files(home.home) == []


def test_a_process_that_is_really_killed_loses_nothing(home: Settings) -> None:
    script = (
        "import os, signal, sys\nfrom pathlib import Path\nfrom pipelines.command.rotate import rotate\n"
        "from pipelines.settings import load_settings\ncount = 0\n"
        "def hook(step):\n    global count\n    count += step.startswith('prepare')\n"
        "    if count == 9: os.kill(os.getpid(), signal.SIGKILL)\n"
        "rotate(load_settings(Path(sys.argv[1])), hook)\n"
    )
    environment = {**os.environ, "PYTHONPATH": str(PROJECT_ROOT)}
    ended = subprocess.run([sys.executable, "-c", script, str(home.home)], env=environment, check=False)
    assert ended.returncode == -signal.SIGKILL
    assert periods(home) == {1}
    assert rotate(home).resumed == 8
    assert periods(home) == {2}


def test_a_reader_that_is_open_goes_on(home: Settings) -> None:
    with open_reader(home, load_keys(home)) as reader:
        everybody = reader.execute(EVERYBODY).fetchall()
        rotate(home)
        assert reader.execute(EVERYBODY).fetchall() == everybody


def test_nothing_prepared_outlives_the_file_it_was_made_from(home: Settings) -> None:
    killed_at(home, "documents")
    count = len(prepared_files(home.home))
    gone = next((home.home / "raw").rglob("*.parquet"))
    content, facts = gone.read_bytes(), gone.stat()
    gone.unlink()
    with home_lock(home):
        recover(home)
    assert len(prepared_files(home.home)) == count - 1
    gone.write_bytes(content)
    os.utime(gone, ns=(facts.st_atime_ns, facts.st_mtime_ns))
    assert rotate(home).resumed == count - 1


def test_a_backup_opens_with_the_key_of_its_period(home: Settings, tmp_path: Path) -> None:
    kept = home.key_path.read_bytes()
    killed_at(home, "documents")
    backup(home, tmp_path / "old.tar")
    rotate(home)
    backup(home, tmp_path / "new.tar")
    for archive, period in (("old", 1), ("new", 2)):
        restore(tmp_path / f"{archive}.tar", tmp_path / archive)
        back = load_settings(tmp_path / archive)
        assert (load_keys(back).period, periods(back)) == (period, {period})
        assert prepared_files(back.home) == []
    home.key_path.write_bytes(kept)
    assert periods(load_settings(tmp_path / "old")) == {1}, "the key file kept with that backup is enough"
    with pytest.raises(SettingsError, match=r"is written with the key of period 2; .* holds period 1\."):
        load_keys(load_settings(tmp_path / "new"))


def test_a_file_that_does_not_open_stops_a_rotation_and_changes_nothing(home: Settings) -> None:
    path = next((home.home / "raw").rglob("*.original"))
    content = bytearray(path.read_bytes())
    content[40] ^= 1
    path.write_bytes(content)
    with pytest.raises(UcvError, match="could not be written with the new key"):
        rotate(home)
    assert read_period(home.home).number == 1


def test_the_key_of_the_home_is_not_forgotten(home: Settings) -> None:
    with pytest.raises(UcvError, match="only an earlier one can go"):
        forget_period(home, 1)
    assert current_version(home.home)
