"""The files of one delivery day: a file per source, opened when its first row comes, and broken rows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from contextlib import ExitStack
from datetime import date
from pathlib import Path
from types import TracebackType

from pipelines.demo.broken import broken_row
from pipelines.demo.desk import PREFIXES, SOURCES
from pipelines.demo.dice import Dice
from pipelines.demo.entries import Entry
from pipelines.demo.layouts import Cells, Layout, layout_of
from pipelines.demo.rendering import Row
from pipelines.demo.truth import TruthWriter
from pipelines.demo.writers import RowWriter, open_writer

BROKEN_SHARE = 0.004
"""Broken rows, beside one in every source: far below the contracts' limit on quarantined rows."""
_ENOUGH = 10
"""Rows beside which one broken row stays below that limit."""


class Deliveries:
    """A context in which entries are written to landing/ and their truth to one file; counts them."""

    def __init__(self, home: Path, day: date, seed: int, truth: Path) -> None:
        self._home, self._stamp, self._seed = home, f"{day:%Y%m%d}", seed
        self._stack = ExitStack()
        self._files: dict[str, _File] = {}
        self._truth = TruthWriter(truth)
        self._stack.callback(self._truth.close)
        self._counts: Counter[str] = Counter()

    def __enter__(self) -> Deliveries:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stack.close()

    def write(self, entries: list[Entry], corrections: Iterable[Entry] = ()) -> None:
        """Deliver the entries and write their truth; the truth of `corrections` is known already."""
        by_source: dict[str, list[Entry]] = {}
        for entry in (*entries, *corrections):
            by_source.setdefault(entry.source, []).append(entry)
        for source in SOURCES:
            if source in by_source:
                self._file(source).write(by_source[source])
        self._truth.write(entries)
        self._counts["records"] += len(entries)
        self._counts["repeated"] += sum(entry.repeats for entry in entries)

    def _file(self, source: str) -> _File:
        if source not in self._files:
            self._files[source] = _File(self._home, source, self._stamp, self._seed)
            self._stack.callback(self._files[source].close)
        return self._files[source]

    @property
    def rows(self) -> dict[str, int]:
        """Delivered rows by source, broken and repeated ones among them."""
        return {source: file.rows for source, file in sorted(self._files.items())}

    @property
    def records(self) -> int:
        return self._counts["records"]

    @property
    def repeated(self) -> int:
        return self._counts["repeated"]

    @property
    def broken(self) -> int:
        return sum(file.broken for file in self._files.values())


class _File:
    """The file of one source."""

    def __init__(self, home: Path, source: str, stamp: str, seed: int) -> None:
        self._source, self._stamp = source, stamp
        self._layout = layout_of(source)
        self._dice = Dice("broken", seed, source, stamp)
        pattern = Path(self._layout.contract.server.path)
        name = pattern.name.replace("*", f"{source}_{stamp}")
        self._writer: RowWriter = open_writer(home / pattern.parent / name, self._layout)
        self.rows = self.broken = 0

    def write(self, entries: list[Entry]) -> None:
        rows: list[Cells] = []
        for entry in entries:
            cells = to_cells(entry.row, self._layout)
            rows.extend([cells] * (1 + entry.repeats))
            if self._dice.chance(BROKEN_SHARE) or (self.broken == 0 and len(entries) >= _ENOUGH):
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
