"""Writes a demo: deliveries of every source into landing/, and the truth beside them in demo/."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from pipelines.demo.delivering import Deliveries
from pipelines.demo.desk import SOURCES
from pipelines.demo.layouts import CONTRACTS_HOME
from pipelines.demo.person_truth import PERSON_TRUTH_FILE, PersonTruthWriter
from pipelines.demo.plan import BLOCK, blocks, entries_of, make_block, make_world
from pipelines.demo.truth import TRUTH_FILE
from pipelines.errors import UcvError

DEFAULT_SEED = 7


@dataclass(frozen=True)
class DemoSummary:
    """What was written: rows by source, records with truth, rows to quarantine, rows repeated as they are."""

    people: int
    rows: dict[str, int]
    records: int
    broken: int
    repeated: int
    truth_path: Path


def generate_demo(
    home: Path,
    people: int,
    seed: int = DEFAULT_SEED,
    *,
    as_of: date,
    progress: Callable[[int], None] | None = None,
) -> DemoSummary:
    """Write a demo of `people` people into `home`: the same bytes for the same people, seed and as_of.

    `as_of` is the day that the demo is about: nothing happens after the midnight at which it starts, and the
    latest event of every source is of the evening before. Contracts that the home lacks are put there too.
    `progress` is told how many people are done. Raises UcvError for fewer than one person.
    """
    if people < 1:
        raise UcvError(
            f"A demo of {people} people cannot be made; ask for 1 or more (200 or more to see every trouble)."
        )
    install_contracts(home)
    world = make_world(seed, as_of)
    with (
        closing(PersonTruthWriter(home / PERSON_TRUTH_FILE, world)) as facts,
        Deliveries(home, as_of, seed, home / TRUTH_FILE) as deliveries,
    ):
        for number, count in blocks(people):
            block = make_block(number, count, world)
            facts.write(block.people)
            deliveries.write(entries_of(block))
            if progress is not None:
                progress(number * BLOCK + count)
    return summary_of(deliveries, people, home / TRUTH_FILE)


def summary_of(deliveries: Deliveries, people: int, truth_path: Path) -> DemoSummary:
    """The counts of finished deliveries."""
    return DemoSummary(
        people, deliveries.rows, deliveries.records, deliveries.broken, deliveries.repeated, truth_path
    )


def install_contracts(home: Path) -> None:
    """Copy the demo's contracts into a home that lacks them; a contract that is there stays as it is."""
    folder = home / "contracts"
    folder.mkdir(parents=True, exist_ok=True)
    for source in SOURCES:
        target = folder / f"{source}.yml"
        if not target.exists():
            shutil.copyfile(CONTRACTS_HOME / "contracts" / f"{source}.yml", target)
