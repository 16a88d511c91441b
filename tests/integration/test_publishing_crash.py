"""A publish or rollback that dies between two steps is finished or undone at the next start."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from publishing_home import START, Home

from pipelines.errors import PublishError
from pipelines.publishing.history import previous_good, read_history
from pipelines.publishing.query import run_query
from pipelines.publishing.recovery import recover
from pipelines.publishing.rollback import rollback
from pipelines.publishing.version import current_version, list_versions, verify_version

PUBLISH_STEPS = [
    "space",
    "copy",
    "manifest",
    "journal",
    "place",
    "ledger",
    "switch",
    "record",
    "clear",
    "prune",
]
FINISHED_FROM = PUBLISH_STEPS.index("ledger")  # once the version is in place, it is finished; before, undone


class Killed(BaseException):
    """Stands for a death of the process; no handler of the code under test may catch it and carry on."""


def die_at(step: str):  # type: ignore[no-untyped-def]
    def hook(reached: str) -> None:
        if reached == step:
            raise Killed(step)

    return hook


def readers_see(home: Home) -> int:
    (row,) = run_query(home.settings, home.keys, "select distinct night from customers").rows
    return int(row[0])


def assert_whole(home: Home) -> None:
    """The invariant: every version intact, logged and with its ledger file; nothing else lies about."""
    versions = list_versions(home.path)
    assert current_version(home.path) in versions
    assert [verify_version(home.path, version).ledger_file for version in versions] == home.ledger()
    published = [line["version"] for line in read_history(home.path) if line["action"] == "published"]
    assert published == versions
    assert home.leftovers() == []


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path / "home")


@pytest.mark.parametrize("step", PUBLISH_STEPS)
def test_publish_dying_at_a_step_is_finished_or_undone(home: Home, step: str) -> None:
    home.publish()
    with pytest.raises(Killed):
        home.publish(on_step=die_at(step))
    assert readers_see(home) in (1, 2)  # before recovery, too
    recover(home.settings)
    finished = PUBLISH_STEPS.index(step) >= FINISHED_FROM
    assert readers_see(home) == (2 if finished else 1)
    assert_whole(home)
    home.publish()
    assert readers_see(home) == 3
    assert_whole(home)


@pytest.mark.parametrize("step", PUBLISH_STEPS)
def test_first_publish_dying_leaves_nothing_or_a_whole_version(home: Home, step: str) -> None:
    with pytest.raises(Killed):
        home.publish(on_step=die_at(step))
    recover(home.settings)
    if PUBLISH_STEPS.index(step) >= FINISHED_FROM:
        assert_whole(home)
    else:
        assert current_version(home.path) is None
        assert (home.ledger(), list_versions(home.path), home.leftovers()) == ([], [], [])


@pytest.mark.parametrize(
    "step", ["copy", "manifest", "journal", "place", "ledger", "switch", "record", "clear", "prune"]
)
def test_kill_minus_nine_between_steps(home: Home, step: str) -> None:
    home.publish()
    build = home.build(2)
    code = (
        "import os, signal, sys; sys.path.insert(0, sys.argv[1]); from pathlib import Path\n"
        "from publishing_home import Home\n"
        "home = Home(Path(sys.argv[2])); home.nights = 1\n"
        "die = lambda step: os.kill(os.getpid(), signal.SIGKILL) if step == sys.argv[4] else None\n"
        "home.publish(Path(sys.argv[3]), on_step=die)\n"
    )
    preload = os.environ.get("PYTHONPATH", "")
    done = subprocess.run(
        [sys.executable, "-c", code, str(Path(__file__).parent), str(home.path), str(build), step],
        check=False,
        capture_output=True,
        env={**os.environ, "PYTHONPATH": preload},
        cwd=Path(__file__).parents[2],
    )
    assert done.returncode == -signal.SIGKILL, done.stderr.decode()
    assert readers_see(home) in (1, 2)
    recover(home.settings)
    assert readers_see(home) == (2 if PUBLISH_STEPS.index(step) >= FINISHED_FROM else 1)
    assert_whole(home)


def test_recovery_may_itself_die_and_be_repeated(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    home.publish()
    with pytest.raises(Killed):
        home.publish(on_step=die_at("ledger"))
    for target in ("add_ledger_file", "switch_to", "append_event", "clear_journal"):
        with monkeypatch.context() as patch:
            patch.setattr(f"pipelines.publishing.recovery.{target}", lambda *_: die_at("x")("x"))
            with pytest.raises(Killed):
                recover(home.settings)
    recover(home.settings)
    assert readers_see(home) == 2
    assert_whole(home)


def test_a_version_damaged_while_down_is_undone_with_its_ledger(home: Home) -> None:
    home.publish()
    with pytest.raises(Killed):
        home.publish(on_step=die_at("switch"))
    newest = home.path / "warehouse" / "versions" / list_versions(home.path)[-1] / "warehouse.duckdb"
    newest.write_bytes(newest.read_bytes()[:-10])
    told = recover(home.settings)
    assert told is not None
    assert "Undid" in told
    assert readers_see(home) == 1
    assert_whole(home)


def test_a_build_without_its_ledger_entries_is_undone(home: Home) -> None:
    home.publish()
    with pytest.raises(Killed):
        home.publish(on_step=die_at("ledger"))
    (home.path / "warehouse" / "builds" / "b002" / "ledger.parquet").unlink()
    recover(home.settings)
    assert readers_see(home) == 1
    assert_whole(home)


def test_a_retry_in_the_same_run_finishes_and_another_run_is_refused(home: Home) -> None:
    first = home.publish()
    build = home.build(2)
    with pytest.raises(Killed):
        home.publish(build, on_step=die_at("switch"))
    other = home.build(3)
    with pytest.raises(PublishError, match="interrupted"):
        home.publish(other, run_id="another")
    assert current_version(home.path) == first.version
    finished = home.publish(build, run_id="run-2")
    assert finished.run_id == "run-2"
    assert current_version(home.path) == finished.version
    assert_whole(home)


def test_recovery_keeps_the_published_build_and_the_newest_failed_one(home: Home) -> None:
    home.publish()
    for night, age in ((2, 200), (3, 100)):
        folder = home.build(night).parent
        os.utime(folder, (os.stat(folder).st_mtime - age,) * 2)
    recover(home.settings)
    assert sorted(path.name for path in (home.path / "warehouse" / "builds").iterdir()) == ["b001", "b003"]


def test_a_torn_line_in_the_history_is_skipped_and_closed(home: Home) -> None:
    first = home.publish()
    history = home.path / "state" / "versions.jsonl"
    history.write_bytes(history.read_bytes() + b'{"version": "v2026')
    second = home.publish()
    assert [line["version"] for line in read_history(home.path)] == [first.version, second.version]


def test_rollback_goes_to_the_version_before_and_records_it(home: Home) -> None:
    first, second = home.publish(), home.publish()
    calls = []
    now = START + timedelta(days=9)
    target = rollback(home.settings, home.keys, None, now, compensate=lambda *names: calls.append(names))
    assert (target, readers_see(home)) == (first.version, 1)
    assert calls == [(second.version, first.version)]
    assert read_history(home.path)[-1] == {
        "version": second.version,
        "action": "rolled_back",
        "to": first.version,
        "at": "2026-12-02T02:30:00+00:00",
        "run_id": None,
    }
    third = home.publish()
    assert (current_version(home.path), previous_good(home.path)) == (third.version, first.version)


def test_rollback_to_a_version_by_name_and_forward_again(home: Home) -> None:
    names = [home.publish().version for _ in range(3)]
    assert rollback(home.settings, home.keys, names[0], START) == names[0]
    assert rollback(home.settings, home.keys, names[2], START) == names[2]
    assert previous_good(home.path) == names[1]


def test_rollback_errors_list_the_versions_there_are(home: Home) -> None:
    with pytest.raises(PublishError, match="no version yet"):
        rollback(home.settings, home.keys, None, START)
    only = home.publish().version
    for to in (None, "v20200101T000000Z-aaaaaa", "../../etc", only):
        with pytest.raises(PublishError, match=f"versions there: {only} \\(current\\)"):
            rollback(home.settings, home.keys, to, START)


def test_rollback_to_a_damaged_version_is_refused(home: Home) -> None:
    first, second = home.publish(), home.publish()
    path = home.path / "warehouse" / "versions" / first.version / "warehouse.duckdb"
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)
    with pytest.raises(PublishError, match="checksum"):
        rollback(home.settings, home.keys, None, START)
    assert current_version(home.path) == second.version


@pytest.mark.parametrize("step", ["compensate", "compensated", "switch", "record", "clear"])
def test_rollback_dying_at_a_step_is_finished_or_undone(home: Home, step: str) -> None:
    first, second = home.publish(), home.publish()
    entries = home.path / "state" / "identity_ledger" / f"000003-{first.version}.parquet"

    def compensate(_from: str, _to: str) -> None:
        entries.write_bytes(b"compensating entries")

    with pytest.raises(Killed):
        rollback(home.settings, home.keys, None, START, compensate=compensate, on_step=die_at(step))
    recover(home.settings)
    undone = step in ("compensate", "compensated")
    assert current_version(home.path) == (second if undone else first).version
    assert entries.exists() is not undone
    assert (read_history(home.path)[-1]["action"] == "rolled_back") is not undone
    assert home.leftovers() == []
