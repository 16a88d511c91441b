"""Kill -9 at seeded points of a night, a backup and a rollback, and what must hold afterwards."""

from __future__ import annotations

import random
import signal
import time
from collections import Counter
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from benchmarks.recovery.disk import free
from benchmarks.recovery.homes import FIRST_DAY, SECOND_DAY, Root, deliver_second, make_home
from benchmarks.recovery.nights import Fault, count_calls, files, night, published, ucv
from pipelines.ingest.manifests import read_manifest
from pipelines.publishing.backup import FOLDERS
from pipelines.publishing.restore import restore
from pipelines.storage.checksums import file_hash

AREAS = {
    "ingest": (
        "pipelines.ingest.source:_landed", "pipelines.ingest.source:load_delivery", "pipelines.ingest.storing:_copy",
        "pipelines.ingest.storing:_seal", "pipelines.ingest.storing:_settle", "pipelines.ingest.storing:_replace",
    ),
    "dbt": (
        "pipelines.assets.dbt_process:build_part", "pipelines.assets.dbt_process:_outcome",
        "pipelines.storage.standardised:keep_standardised", "pipelines.assets.table_facts:table_facts",
    ),
    "gates": ("pipelines.quality.gate:run_gate",),
    "ledger": (
        "pipelines.identity.state:store_model", "pipelines.publishing.switch:add_ledger_file",
        "pipelines.publishing.durable:copy_file",
    ),
    "publish": (
        "pipelines.publishing.publish:check_free_space", "pipelines.publishing.snapshot:_copy",
        "pipelines.publishing.durable:sync_file", "pipelines.publishing.durable:sync_directory",
        "pipelines.publishing.durable:write_file", "pipelines.publishing.switch:switch_to",
        "pipelines.publishing.history:append_event", "pipelines.publishing.journal:clear_journal",
        "pipelines.publishing.prune:prune_versions",
    ),
    "backup": ("pipelines.publishing.backup:_Hashing.read", "pipelines.publishing.durable:sync_file"),
}  # fmt: skip
"""Where a process is killed: area -> functions (module:name), each at any of its calls, at its beginning or a moment later."""

_LATER = 0.25  # seconds
_WATCHED = 0.3  # seconds in which a writer that lived on would be seen


@dataclass(frozen=True)
class References:
    """What undisturbed nights give: deployments before and after them, what readers see, and calls of each target."""

    fresh: Root
    first: Root
    delivered: Root
    second: Root
    old: dict[str, str]
    new: dict[str, str]
    calls: dict[str, Counter[str]]


@dataclass(frozen=True)
class Point:
    """One kill: in which command, on which night (1 or 2), where."""

    area: str
    night: int
    fault: Fault


def make_references(folder: Path) -> References:
    """Two undisturbed nights and a backup, once: all kills start from copies of them."""
    targets = sorted({target for area, places in AREAS.items() if area != "backup" for target in places})
    fresh = make_home(folder / "fresh")
    first = fresh.copy_to(folder / "first")
    calls = {"1": count_calls(first, targets, "run", UCV_AS_OF_DATE=FIRST_DAY.isoformat())}
    delivered = first.copy_to(folder / "delivered")
    deliver_second(delivered)
    second = delivered.copy_to(folder / "second")
    calls["2"] = count_calls(second, targets, "run", UCV_AS_OF_DATE=SECOND_DAY.isoformat())
    calls["backup"] = count_calls(second, [*AREAS["backup"]], "backup", str(folder / "counted.tar"))
    old, new = published(first), published(second)
    if not old or old == new:
        raise AssertionError("the second night publishes nothing else than the first: no kill would be seen")
    return References(fresh, first, delivered, second, old, new, calls)


def points(references: References, count: int, seed: int) -> list[Point]:
    """Seeded points in every area, the areas in turn; one in four is in a first night."""
    dice = random.Random(seed)
    found = []
    for turn in range(count):
        area = [*AREAS][turn % len(AREAS)]
        which = 1 if area != "backup" and dice.random() < 0.25 else 2
        calls = references.calls["backup" if area == "backup" else str(which)]
        target = dice.choice([place for place in AREAS[area] if calls[place]])
        delay = dice.choice([0.0, dice.uniform(0, _LATER)])
        found.append(Point(area, which, Fault(target, dice.randint(1, calls[target]), "kill", delay)))
    return found


def try_kill(references: References, point: Point, folder: Path) -> list[str]:
    """Kill at one point, look, run again, look; what was lost or mixed, in words: empty when nothing was."""
    if point.area == "backup":
        return _try_backup(references.second.copy_to(folder), point)
    start = references.fresh if point.night == 1 else references.delivered
    root, day = start.copy_to(folder), FIRST_DAY if point.night == 1 else SECOND_DAY
    before, after = ({}, references.old) if point.night == 1 else (references.old, references.new)
    return kill_night(root, day, point.fault, before, after) + rerun(root, day, after)


def kill_night(
    root: Root, day: date, fault: Fault, before: dict[str, str], after: dict[str, str]
) -> list[str]:
    """A night that is killed: readers see what they saw before or what they shall see after it, and nothing writes any more."""
    ended = night(root, day, fault=fault)
    lost = [] if ended.is_hit else ["the fault did not come to pass"]
    if ended.code != -signal.SIGKILL:
        lost.append(f"the process ended with {ended.code} instead of by the kill")
    lost += _still(root)
    seen = published(root)
    if seen not in (before, after):
        lost.append(f"readers see another version than the old or the new one: {differing(seen, after)}")
    return lost


def full_night(root: Root, day: date, fault: Fault, before: dict[str, str]) -> list[str]:
    """A night whose disk is full from some point on: it says so, ends with 1, and readers keep what they saw."""
    ended = night(root, day, fault=fault)
    free(Path(fault.disk))
    lost = [] if ended.is_hit else ["the fault did not come to pass"]
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


def rerun(root: Root, day: date, after: dict[str, str]) -> list[str]:
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
    lost = (
        []
        if ended.code == -signal.SIGKILL
        else [f"the backup ended with {ended.code} instead of by the kill"]
    )
    lost += _still(root)
    lost += ["an archive that is not whole has the name of a whole one"] if target.exists() else []
    lost += ["readers see something else"] if published(root) != before else []
    if ucv(root, "backup", str(target)).code != 0 or not target.exists():
        return [*lost, "the next backup fails"]
    restored = Root(root.path / "restored")
    restore(target, restored.home)
    same = all(
        path.read_bytes() == (restored.home / path.relative_to(root.home)).read_bytes()
        for folder in FOLDERS for path in (root.home / folder).rglob("*") if path.is_file()
    )  # fmt: skip
    return lost if same else [*lost, "what the next backup restores differs"]


def _still(root: Root) -> list[str]:
    before = files(root)
    time.sleep(_WATCHED)
    return [] if files(root) == before else ["files change after the kill: something still writes"]
