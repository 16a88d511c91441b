"""Where nights, backups and their disks fail: seeded places among the calls that an undisturbed one makes."""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from benchmarks.recovery.homes import FIRST_DAY, SECOND_DAY, Root, deliver_second, make_home
from benchmarks.recovery.nights import Fault, count_calls, published

AREAS = {
    "ingest": (
        "pipelines.ingest.source:landed_file", "pipelines.ingest.source:load_delivery",
        "pipelines.ingest.writing:Writing._copy_passing", "pipelines.ingest.originals:_seal", "pipelines.ingest.storing:_settle",
        "pipelines.ingest.manifests:write_manifest",
    ),
    "dbt": (
        "pipelines.assets.dbt_process:build_part", "pipelines.assets.dbt_process:_outcome",
        "pipelines.storage.standardised:keep_standardised", "pipelines.assets.table_facts:table_facts",
    ),
    "gates": (
        "pipelines.quality.delivery:judge_delivery", "pipelines.quality.gate:run_gate", "pipelines.quality.verdict:write_verdict",
    ),
    "ledger": (
        "pipelines.identity.state:store_model", "pipelines.publishing.switch:add_ledger_file",
        "pipelines.storage.durable:copy_file",
    ),
    "publish": (
        "pipelines.publishing.publish:check_free_space", "pipelines.publishing.snapshot:_copy",
        "pipelines.storage.durable:sync_file", "pipelines.storage.durable:sync_directory",
        "pipelines.storage.durable:write_file", "pipelines.publishing.switch:switch_to",
        "pipelines.publishing.history:append_event", "pipelines.publishing.journal:clear_journal",
        "pipelines.publishing.prune:prune_versions",
    ),
    "backup": ("pipelines.publishing.backup:_Hashing.read", "pipelines.storage.durable:sync_file"),
}  # fmt: skip
"""Where a process is killed: area -> functions (module:name), each at any of its calls, at its beginning or a moment later."""

FULL = {
    "ingest": ("pipelines.ingest.writing:Writing._copy_passing", "pipelines.ingest.originals:_seal"),
    "dbt": ("pipelines.assets.dbt_process:_outcome",),
    "publish": ("pipelines.publishing.snapshot:_copy", "pipelines.storage.durable:sync_file"),
}
"""From where on the disk is full: area -> functions, each from any of its calls on."""

_LATER = 0.25  # seconds


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


def points(references: References, kills: int, full: int, seed: int) -> list[Point]:
    """Seeded points, the areas in turn: of kills one in four in a first night, disks that fill up in the second one."""
    dice = random.Random(seed)
    found = []
    for turn in range(kills):
        area = [*AREAS][turn % len(AREAS)]
        which = 1 if area != "backup" and dice.random() < 0.25 else 2
        calls = references.calls["backup" if area == "backup" else str(which)]
        target = dice.choice([place for place in AREAS[area] if calls[place]])
        delay = dice.choice([0.0, dice.uniform(0, _LATER)])
        found.append(Point(area, which, Fault(target, dice.randint(1, calls[target]), "kill", delay)))
    for turn in range(full):
        area = [*FULL][turn % len(FULL)]
        target = dice.choice(FULL[area])
        found.append(Point(area, 2, Fault(target, dice.randint(1, references.calls["2"][target]), "fill")))
    return found


def chains(found: list[Point], together: int) -> list[list[Point]]:
    """Points that befall one home one after the other, earlier places first; a backup is alone, a night is the first or second."""
    made = [[point] for point in found if point.area == "backup"]
    order = ["ingest", "dbt", "gates", "ledger", "publish"]
    for which in (1, 2):
        nights = [point for point in found if point.area != "backup" and point.night == which]
        nights.sort(key=lambda point: order.index(point.area))
        stride = -(-len(nights) // together)
        made += [nights[start::stride] for start in range(stride)]
    return made
