"""The line of the header among the first lines of a file: by known names, else by the shape of the table below it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from pipelines.contracts.known_exports import known_names

HEAD = 200
"""Lines among which the header is looked for: reports put notes and sums above it."""
_DATUM = re.compile(r"[-+¥￥$€]?[\d.,:/ -]*\d[\d.,:/ %-]*|[^@\s]+@[^@\s]+\.\w+")
"""A number, date or e-mail: what stands in a row and in no header."""

Cells = Sequence[str]


def header_line(rows: Sequence[Cells]) -> tuple[int, Cells]:
    """Line from 1 and cells of the header; (1, ()) where nothing is filled.

    The line with most known names; else the first as wide as most of the lines are that holds no numbers, dates and
    e-mails; else the first that is filled.
    """
    stripped = [[cell.strip() for cell in row] for row in rows]
    filled = [(number, row) for number, row in enumerate(stripped, 1) if any(row)]
    if not filled:
        return 1, ()
    number, row = max(filled, key=lambda one: (known_names(one[1]), -one[0]))
    return (number, row) if known_names(row) >= 2 else _by_shape(filled)


def _by_shape(filled: list[tuple[int, list[str]]]) -> tuple[int, Cells]:
    widths = Counter(count for _, row in filled if (count := sum(map(bool, row))) > 1)
    if not widths:
        return filled[0]
    # Rows leave cells blank and a header does not: of all widths the one with most cells in it.
    usual = max(widths, key=lambda width: width * widths[width])
    for number, row in filled:
        cells = [cell for cell in row if cell]
        if len(cells) >= usual and not any(map(_DATUM.fullmatch, cells)):
            return number, row
    return filled[0]
