"""Real nights in processes of their own: two at once, killed, on a full disk, and all equal to undisturbed ones.

`python -m benchmarks.recovery` kills many more, each alone and from a copy of the same home.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import pytest

from benchmarks.recovery.disk import full_at, small_disk
from benchmarks.recovery.homes import FIRST_DAY, SECOND_DAY, Root, deliver_second, make_home
from benchmarks.recovery.kills import full_night, kill_night, rerun
from benchmarks.recovery.nights import Fault, night, published, start, ucv
from pipelines.ingest.manifests import list_deliveries
from pipelines.publishing.version import current_version, list_versions
from pipelines.settings import PROJECT_ROOT

pytestmark = pytest.mark.long

WORDS_OF_A_BUSY_HOME = "Another run holds"


@dataclass(frozen=True)
class Nights:
    """A home as delivered, after its first night, and after the second: two runs were started at once in each night."""

    fresh: Root
    first: Root
    delivered: Root
    old: dict[str, str]
    new: dict[str, str]
    busy: subprocess.CompletedProcess[str]
    at_once: list[tuple[int, str]]


@pytest.fixture(scope="module")
def nights(tmp_path_factory: pytest.TempPathFactory) -> Nights:
    folder = tmp_path_factory.mktemp("nights")
    fresh = make_home(folder / "fresh")
    first = fresh.copy_to(folder / "first")
    shell = start(first, "run", UCV_AS_OF_DATE=FIRST_DAY.isoformat())
    holder = first.home / ".run.lock.pid"
    while not (holder.exists() and holder.read_text("utf-8") == str(shell.pid)):
        assert shell.poll() is None
        time.sleep(0.05)
    busy = run_in_dagster(first)
    told, _ = shell.communicate()
    assert shell.returncode == 0, told
    delivered = first.copy_to(folder / "delivered")
    deliver_second(delivered)
    second = delivered.copy_to(folder / "second")
    both = [start(second, "run", UCV_AS_OF_DATE=SECOND_DAY.isoformat()) for _ in range(2)]
    outputs = [process.communicate()[0] for process in both]
    at_once = [(process.returncode, output) for process, output in zip(both, outputs, strict=True)]
    assert len(list_versions(second.home)) == 2
    return Nights(fresh, first, delivered, published(first), published(second), busy, at_once)


def run_in_dagster(root: Root) -> subprocess.CompletedProcess[str]:
    """The job `nightly`, launched as Dagster launches it."""
    environment = {
        **os.environ, "UCV_HOME": str(root.home), "DAGSTER_HOME": str(root.home / "dagster"), "UCV_MIN_FREE_BYTES": "0",
        "XDG_CONFIG_HOME": str(root.config), "PYTHONPATH": str(PROJECT_ROOT), "DAGSTER_DISABLE_TELEMETRY": "yes",
    }  # fmt: skip
    words = ["-m", "dagster", "job", "execute", "-m", "pipelines.definitions", "-j", "nightly"]
    return subprocess.run(
        [sys.executable, *words],
        cwd=PROJECT_ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


def test_of_two_runs_at_once_one_waits_or_is_told_and_one_version_is_published(nights: Nights) -> None:
    assert nights.busy.returncode != 0
    assert WORDS_OF_A_BUSY_HOME in nights.busy.stdout + nights.busy.stderr
    assert 0 in [code for code, _ in nights.at_once]
    for code, told in nights.at_once:
        assert "Traceback" not in told
        assert code == 0 or (code == 1 and WORDS_OF_A_BUSY_HOME in told), told
    assert len(nights.old) >= 20
    assert nights.old != nights.new


def test_the_same_deliveries_give_the_same_content_and_repeated_ones_nothing(
    nights: Nights, tmp_path: Path
) -> None:
    """Another home with the same key, one thread instead of two; the files came in another order, under other names."""
    root = nights.fresh.copy_to(tmp_path / "root")
    for path in sorted((root.home / "landing").glob("*/*"), reverse=True):
        moved = path.with_name(f"z{path.name}")
        shutil.copy2(path, moved)
        path.unlink()
    assert night(root, FIRST_DAY, UCV_THREADS="1").code == 0
    assert published(root) == nights.old
    version, deliveries = current_version(root.home), list_deliveries(root.home)
    for path in sorted((root.home / "landing").glob("*/*")):
        shutil.copyfile(path, path.with_name(f"again_{path.name}"))
    ended = night(root, FIRST_DAY)
    assert (ended.code, f"Readers keep {version}" in ended.output) == (0, True), ended.output
    assert list_deliveries(root.home) == deliveries
    assert len(list_versions(root.home)) == 1


def test_a_night_that_is_killed_and_whose_disk_fills_up_ends_as_if_nothing_had_been(
    nights: Nights, tmp_path: Path
) -> None:
    """One fault after the other in one home, each at a later place; readers see the old version until the last."""
    disk = tmp_path / "disk"
    with small_disk(disk) as is_mounted:
        root = nights.delivered.copy_to(disk / "root")
        known = (nights.old, nights.new)
        lost = {
            "killed as a delivery is committed": kill_night(
                root, SECOND_DAY, Fault("pipelines.ingest.manifests:write_manifest", 2), *known
            ),
            "full as a delivery is stored": full_night(
                root,
                SECOND_DAY,
                full_at("pipelines.ingest.writing:Writing._copy_passing", disk, is_mounted=is_mounted),
                nights.old,
            ),
            "killed in dbt": kill_night(
                root, SECOND_DAY, Fault("pipelines.assets.dbt_process:_outcome", 20, delay=0.1), *known
            ),
            "full in dbt": full_night(
                root,
                SECOND_DAY,
                full_at("pipelines.assets.dbt_process:_outcome", disk, call=12, is_mounted=is_mounted),
                nights.old,
            ),
            "full as a version is copied": full_night(
                root,
                SECOND_DAY,
                full_at("pipelines.publishing.snapshot:_copy", disk, call=2, is_mounted=is_mounted),
                nights.old,
            ),
            "killed between ledger and switch": kill_night(
                root, SECOND_DAY, Fault("pipelines.publishing.switch:switch_to"), *known
            ),
            "run again": rerun(root, SECOND_DAY, nights.new),
        }
    assert {fault: words for fault, words in lost.items() if words} == {}


def test_a_killed_backup_leaves_no_archive_and_the_next_one_is_whole(nights: Nights, tmp_path: Path) -> None:
    root, target = nights.first.copy_to(tmp_path / "root"), tmp_path / "backup.tar"
    ended = ucv(root, "backup", str(target), fault=Fault("pipelines.publishing.backup:_Hashing.read", 9))
    assert (ended.code, target.exists()) == (-signal.SIGKILL, False)
    assert published(root) == nights.old
    assert ucv(root, "backup", str(target)).code == 0
    assert target.stat().st_size > 100_000
