"""What befalls a home, and what must hold afterwards: readers see one whole version, and the next run ends as if nothing had been."""

from __future__ import annotations

import signal
import time
from datetime import date
from pathlib import Path

from benchmarks.recovery.disk import free, full_at, small_disk
from benchmarks.recovery.homes import FIRST_DAY, SECOND_DAY, Root
from benchmarks.recovery.nights import Fault, files, night, published, ucv
from benchmarks.recovery.points import Point, References
from pipelines.ingest.manifests import read_manifest
from pipelines.publishing.backup import FOLDERS, BackupError
from pipelines.publishing.restore import restore
from pipelines.storage.checksums import file_hash

Seen = dict[str, str]
NOT_REACHED = "the fault did not come to pass"
_WATCHED = 0.3  # seconds in which a writer that lived on would be seen


def try_chain(
    references: References, chain: list[Point], folder: Path
) -> tuple[dict[Point, list[str]], list[Point]]:
    """Let the points befall one home, look after each, then run undisturbed and look: what was lost, and points not reached.

    A point is not reached where an earlier one came so late that the night was finished by its recovery.
    """
    if chain[0].area == "backup":
        return {chain[0]: _try_backup(references.second.copy_to(folder), chain[0])}, []
    is_first = chain[0].night == 1
    before, after = ({}, references.old) if is_first else (references.old, references.new)
    day, lost, left = FIRST_DAY if is_first else SECOND_DAY, {}, list(chain)
    with small_disk(folder) as is_mounted:
        root = (references.fresh if is_first else references.delivered).copy_to(folder)
        while left and published(root) == before:
            point = left[0]
            found = _befall(root, day, point, before, after, folder, is_mounted)
            if NOT_REACHED in found and lost:
                break
            lost[left.pop(0)] = found
        at_end = rerun(root, day, after)
    return {point: [*found, *at_end] for point, found in lost.items()}, left


def _befall(  # noqa: PLR0913, PLR0917 - one fault's surroundings
    root: Root, day: date, point: Point, before: Seen, after: Seen, disk: Path, is_mounted: bool
) -> list[str]:
    fault = point.fault
    if fault.action == "kill":
        return kill_night(root, day, fault, before, after)
    return full_night(root, day, full_at(fault.target, disk, call=fault.call, is_mounted=is_mounted), before)


def kill_night(root: Root, day: date, fault: Fault, before: Seen, after: Seen) -> list[str]:
    """A night that is killed: readers see what they saw before or what they shall see after it, and nothing writes any more."""
    ended = night(root, day, fault=fault)
    lost = [] if ended.is_hit else [NOT_REACHED]
    lost += _not_killed(ended.code, fault)
    lost += _still(root)
    seen = published(root)
    if seen not in (before, after):
        lost.append(f"readers see another version than the old or the new one: {differing(seen, after)}")
    return lost


def full_night(root: Root, day: date, fault: Fault, before: Seen) -> list[str]:
    """A night whose disk is full from some point on: it says so, ends with 1, and readers keep what they saw."""
    ended = night(root, day, fault=fault)
    free(Path(fault.disk))
    lost = [] if ended.is_hit else [NOT_REACHED]
    if ended.code != 1 or "Traceback" in ended.output or "free space" not in ended.output.lower():
        lost.append(f"the run ended with {ended.code} and said: {ended.output[-1500:]}")
    if published(root) != before:
        lost.append(f"readers see another version: {differing(published(root), before)}")
    lost += [f"{path.name} is left in raw" for path in (root.home / "raw").rglob(".*")]
    for rows in (root.home / "raw").rglob("*.parquet"):
        if (
            rows.with_suffix(".json").exists()
            and file_hash(rows) != read_manifest(rows.with_suffix(".json"))["parquet_sha256"]
        ):
            lost.append(f"{rows.name} is committed and not whole")
    return lost


def rerun(root: Root, day: date, after: Seen) -> list[str]:
    """The same night once more, undisturbed: it ends well, equal to one that was never disturbed, and nothing half is left."""
    ended = night(root, day)
    lost = [] if ended.code == 0 else [f"the next run ended with {ended.code}: {ended.output[-500:]}"]
    seen = published(root)
    if seen != after:
        lost.append(f"the next run does not equal an undisturbed one: {differing(seen, after)}")
    places = [
        root.home / "raw",
        root.home / "state",
        root.home / "quarantine",
        root.home / "warehouse" / "versions",
    ]
    half = [path.name for place in places for path in place.rglob(".*") if path.name != ".journal.json"]
    if half or (root.home / "warehouse" / "versions" / ".journal.json").exists():
        lost.append(f"left half done: {half or 'the journal'}")
    return lost


def differing(seen: dict[str, str], wanted: dict[str, str]) -> list[str]:
    """The tables whose content is not the wanted one."""
    return sorted(name for name in {*seen, *wanted} if seen.get(name) != wanted.get(name))


def _try_backup(root: Root, point: Point) -> list[str]:
    """A backup that is killed leaves no archive, harms nothing, and the next one restores to the same home."""
    target, before = root.path / "backup.tar", published(root)
    ended = ucv(root, "backup", str(target), fault=point.fault)
    lost = _not_killed(ended.code, point.fault)
    lost += _still(root)
    if target.exists() and not _restores(
        target, root
    ):  # it may have been in place already when the kill came
        lost.append("an archive that is not whole has the name of a whole one")
    lost += ["readers see something else"] if published(root) != before else []
    again = target.with_name("again.tar")
    is_good = ucv(root, "backup", str(again)).code == 0 and _restores(again, root)
    return lost if is_good else [*lost, "the next backup fails"]


def _restores(archive: Path, root: Root) -> bool:
    """Whether the archive unpacks to the very bytes that the home has."""
    restored = archive.with_suffix(".restored")
    try:
        restore(archive, restored)
    except BackupError:
        return False
    return all(
        path.read_bytes() == (restored / path.relative_to(root.home)).read_bytes()
        for folder in FOLDERS for path in (root.home / folder).rglob("*") if path.is_file()
    )  # fmt: skip


def _not_killed(code: int, fault: Fault) -> list[str]:
    """A kill that comes a moment later may find its process ended well; one that comes at once may not."""
    ended = {-signal.SIGKILL} | ({0} if fault.delay else set())
    return [] if code in ended else [f"the process ended with {code} instead of by the kill"]


def _still(root: Root) -> list[str]:
    before = files(root)
    time.sleep(_WATCHED)
    return [] if files(root) == before else ["files change after the kill: something still writes"]
