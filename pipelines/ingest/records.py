"""Lines of a CSV to records. A quotation mark that never closes breaks the line that it stands in, not those after it.

What the format does not allow but can be read in one way only is read so (see `quotes`).
"""

from __future__ import annotations

import csv
from collections import deque
from collections.abc import Iterator

from pipelines.ingest.quotes import Values, is_open, is_padded, only_reading

MAX_FIELD = 1_000_000  # characters; a larger field is a broken quote rather than a value
_MAX_RECORD = 4 * MAX_FIELD
_MOST_JOINED = 20  # lines that one padded field may go over
_KEPT = 10_000  # characters of a broken line that go to quarantine

Record = tuple[Values, str | None]  # values, problem code
Row = tuple[int, Values, str | None]  # row number from 1, values in header order, problem code


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

    @property
    def line(self) -> str | None:
        """The one line since the last `settle`; None where there were more."""
        return self._taken[0] if len(self._taken) == 1 else None

    def give_back(self) -> str:
        """Every line since the last `settle` but the first, which is returned, will come once more."""
        first = self._taken[0] if self._taken else ""
        self.again(self._taken[1:])
        self.settle()
        return first

    def again(self, lines: list[str]) -> None:
        """These lines will come once more."""
        self._again.extendleft(reversed(lines))


def split_records(source: Iterator[str], delimiter: str) -> Iterator[Record]:
    """Every record that is not blank, the header first; one that cannot be read is its first line and `broken_line`."""
    for values, problem, _ in split_with_lines(source, delimiter):
        yield values, problem


def split_with_lines(source: Iterator[str], delimiter: str) -> Iterator[tuple[Values, str | None, list[str]]]:
    """The same with the lines that each record stands on."""
    csv.field_size_limit(MAX_FIELD)
    lines = _Lines(source)
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    width: int | None = None
    while True:
        values: Values
        try:
            values = [*next(reader)]
        except StopIteration:
            return
        except csv.Error:
            first = lines.give_back()
            meant, taken = _meant(lines, first, delimiter, width)
            yield (meant, None, taken) if meant else ([first[:_KEPT]], "broken_line", [first])
            width = len(meant) if meant and width is None else width
            reader = csv.reader(lines, delimiter=delimiter, strict=True)
            continue
        if values and lines.line and '"' in lines.line:
            values = _reconsidered(values, lines.line, delimiter, width)
        taken = lines.settle()
        if values:  # a blank line is no row
            width = len(values) if width is None else width
            yield values, None, taken


def _reconsidered(values: Values, line: str, delimiter: str, width: int | None) -> Values:
    """A line that the format can read: otherwise where its fields are too many or too few, or begin with blanks and a mark,
    and another reading fits."""
    if (width is not None and len(values) != width) or is_padded(values):
        return only_reading(line.rstrip("\r\n"), delimiter, width) or values
    return values


def _meant(lines: _Lines, first: str, delimiter: str, width: int | None) -> tuple[Values | None, list[str]]:
    """The only reading of a line that the format cannot read, and the lines over which its last field goes on.

    A line that is a record by itself ends the search: it belongs to no field of another.
    """
    text = first.rstrip("\r\n")
    found = only_reading(text, delimiter, width)
    if found or width is None or not is_open(text, delimiter):
        return found, [first]
    joined, text = [], first
    for line in lines:
        joined.append(line)
        if len(joined) > _MOST_JOINED or only_reading(line.rstrip("\r\n"), delimiter, width):
            break
        text += line
        found = only_reading(text.rstrip("\r\n"), delimiter, width)
        if found:
            return found, [first, *lines.settle()]
    lines.settle()
    lines.again(joined)
    return None, [first]
