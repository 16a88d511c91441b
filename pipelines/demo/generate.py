"""Writes a demo: deliveries of every source into landing/, and the truth beside them in demo/."""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from pipelines.demo.broken import broken_row
from pipelines.demo.desk import PREFIXES, SOURCES
from pipelines.demo.dice import Dice
from pipelines.demo.layouts import CONTRACTS_HOME, Layout, layout_of
from pipelines.demo.plan import BLOCK, Entry, blocks, make_world, plan_block
from pipelines.demo.rendering import Row
from pipelines.demo.truth import TRUTH_FILE, TruthWriter
from pipelines.demo.writers import Cells, RowWriter, open_writer
from pipelines.errors import UcvError

BROKEN_SHARE = 0.004
"""Broken rows, beside one in every source: far below the contracts' limit on quarantined rows."""
DEFAULT_SEED = 7


@dataclass(frozen=True)
class DemoSummary:
    """What was written: delivered rows by source, records with truth, rows to quarantine, rows repeated as they are."""

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
    counts: Counter[str] = Counter()
    with ExitStack() as stack:
        files = {}
        for source in SOURCES:
            files[source] = _File(home, source, f"{as_of:%Y%m%d}", seed)
            stack.callback(files[source].close)
        truth = TruthWriter(home / TRUTH_FILE)
        stack.callback(truth.close)
        for block, count in blocks(people):
            entries = plan_block(block, count, world)
            for source, file in files.items():
                file.write([entry for entry in entries if entry.source == source])
            truth.write(entries)
            counts["records"] += len(entries)
            counts["repeated"] += sum(entry.repeats for entry in entries)
            if progress is not None:
                progress(block * BLOCK + count)
    broken = sum(file.broken for file in files.values())
    rows = {source: file.rows for source, file in files.items()}
    return DemoSummary(people, rows, counts["records"], broken, counts["repeated"], home / TRUTH_FILE)


def install_contracts(home: Path) -> None:
    """Copy the demo's contracts into a home that lacks them; a contract that is there stays as it is."""
    folder = home / "contracts"
    folder.mkdir(parents=True, exist_ok=True)
    for source in SOURCES:
        target = folder / f"{source}.yml"
        if not target.exists():
            shutil.copyfile(CONTRACTS_HOME / "contracts" / f"{source}.yml", target)


class _File:
    """The delivery of one source, with its broken rows."""

    def __init__(self, home: Path, source: str, stamp: str, seed: int) -> None:
        self._layout = layout_of(source)
        self._dice = Dice("broken", seed, source, stamp)
        self._writer: RowWriter = open_writer(_path(home, self._layout, stamp), self._layout)
        self._source = source
        self._stamp = stamp
        self.rows = self.broken = 0

    def write(self, entries: list[Entry]) -> None:
        rows: list[Cells] = []
        for entry in entries:
            cells = to_cells(entry.row, self._layout)
            rows.extend([cells] * (1 + entry.repeats))
            if self.broken == 0 or self._dice.chance(BROKEN_SHARE):
                self.broken += 1
                key = f"{PREFIXES[self._source]}X{self._stamp}{self.broken:05d}"
                rows.append(broken_row(cells, key, self._layout, self._dice))
        self._writer.write(rows)
        self.rows += len(rows)

    def close(self) -> None:
        self._writer.close()


def to_cells(row: Row, layout: Layout) -> Cells:
    """Canonical fields to columns as delivered."""
    return {layout.physical.get(field, field): text for field, text in row.items()}


def _path(home: Path, layout: Layout, stamp: str) -> Path:
    """The file that the contract's pattern expects, named by source and day."""
    pattern = Path(layout.contract.server.path)
    return home / pattern.parent / pattern.name.replace("*", f"{layout.contract.id}_{stamp}")
