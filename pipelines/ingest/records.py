"""Lines of a CSV to records. A quotation mark that never closes breaks the line that it stands in, not those after it."""

from __future__ import annotations

import csv
from collections import deque
from collections.abc import Iterator

MAX_FIELD = 1_000_000  # characters; a larger field is a broken quote rather than a value
_MAX_RECORD = 4 * MAX_FIELD
_KEPT = 10_000  # characters of a broken line that go to quarantine

Record = tuple[list[str | None], str | None]  # values, problem code


class _Lines:
    """Lines that can be taken back: those since the last `settle`."""

    def __init__(self, source: Iterator[str]) -> None:
        self._source = source
        self._again: deque[str] = deque()
        self._taken: list[str] = []
        self._size = 0

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        if self._size > _MAX_RECORD:
            raise csv.Error("a record too long")
        line = self._again.popleft() if self._again else next(self._source)
        self._taken.append(line)
        self._size += len(line)
        return line

    def settle(self) -> list[str]:
        """The lines since the last `settle`, which will not come again."""
        taken, self._taken, self._size = self._taken, [], 0
        return taken

    def give_back(self) -> str:
        """Every line since the last `settle` but the first, which is returned, will come once more."""
        first = self._taken[0] if self._taken else ""
        self._again.extendleft(reversed(self._taken[1:]))
        self.settle()
        return first


def split_records(source: Iterator[str], delimiter: str) -> Iterator[Record]:
    """Every record that is not blank; one that cannot be read is its first line and `broken_line`."""
    for values, problem, _ in split_with_lines(source, delimiter):
        yield values, problem


def split_with_lines(
    source: Iterator[str], delimiter: str
) -> Iterator[tuple[list[str | None], str | None, list[str]]]:
    """The same with the lines that each record stands on."""
    csv.field_size_limit(MAX_FIELD)
    lines = _Lines(source)
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    while True:
        try:
            values: list[str | None] = [*next(reader)]
        except StopIteration:
            return
        except csv.Error:
            first = lines.give_back()
            yield [first[:_KEPT]], "broken_line", [first]
            reader = csv.reader(lines, delimiter=delimiter, strict=True)
            continue
        taken = lines.settle()
        if values:  # a blank line is no row
            yield values, None, taken
