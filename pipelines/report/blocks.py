"""What the page of a version is made of: sections of blocks, each block one query on published tables and how its rows are shown."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

TEXT, WORD, DAY, COUNT, PEOPLE, NUMBER, MONEY, SHARE, POINTS, CHANGE, FLAG, QUARTER = (
    "text", "word", "day", "count", "people", "number", "money", "share", "points", "change", "flag", "quarter",
)  # fmt: skip
"""Forms of a column. `people` counts people of whom fewer than five are told as such; `share` is between 0 and 1, shown in percent,
`points` a difference of two shares, shown in percentage points; `change` and `points` have a sign."""
FIGURES = frozenset({COUNT, PEOPLE, NUMBER, MONEY, SHARE, POINTS, CHANGE})
"""Forms that stand to the right and are compared by eye."""


@dataclass(frozen=True)
class Column:
    """One column of a block's query, in its order. `words` is the group of the catalogue for codes of the data.

    `of` names columns of people (comma between): where one of them has fewer than five, this figure would tell of them, and is left out.
    `is_bar` draws a bar behind the figure, as long as its part of the largest (a share: of 1). A hidden one is not shown: it says
    how many people others are of.
    """

    name: str
    form: str = TEXT
    words: str = ""
    of: str = ""
    is_bar: bool = False
    is_hidden: bool = False


@dataclass(frozen=True)
class Heat:
    """Rows of the query as cells of a map: their place by two columns, their colour and text by `shown`.

    Where it is withheld the cell shows `counted`, the people it is about. `size` is of a whole row, and stands before its cells.
    """

    down: str
    across: str
    shown: str
    counted: str
    size: str = ""


@dataclass(frozen=True)
class Lines:
    """Rows of the query as points: `across` is a day or a number; one line per column of `series`, one chart per value of `by`."""

    across: str
    series: tuple[str, ...]
    by: str = ""


@dataclass(frozen=True)
class Interval:
    """Columns of each row that are drawn as a point and its interval, on one scale for the whole table."""

    point: str
    low: str
    high: str


@dataclass(frozen=True)
class Block:
    """One query and its rows. The catalogue has `<name>.title` and `<name>.empty` (what is missing, and what to do).

    `reads` are published tables; where the version has one of them not, the block says so, or is left out if it `is_optional`.
    `compares` lets the query read the version before as `before.golden` and `before.marts`. In a `partition` the column adds up to
    what stands elsewhere: a single small cell is told by all others, so the next one goes too.
    """

    name: str
    sql: str
    reads: tuple[str, ...]
    columns: tuple[Column, ...]
    is_tiles: bool = False
    heat: Heat | None = None
    lines: Lines | None = None
    interval: Interval | None = None
    compares: bool = False
    is_optional: bool = False
    partition: str = ""

    @property
    def shown_columns(self) -> tuple[Column, ...]:
        return tuple(column for column in self.columns if not column.is_hidden)


@dataclass(frozen=True)
class Section:
    """A heading with its blocks; the catalogue has `<name>.heading` and `<name>.lead`."""

    name: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True)
class PublishedTables:
    """Tables of a version by name: column -> DuckDB type, in order. `before` is the version that readers saw before, if any."""

    now: Mapping[str, Mapping[str, str]]
    before: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    as_of: str = ""
    has_before: bool = False

    def both_have(self, table: str, column: str = "") -> bool:
        """Whether the table, and a column of it, is in this version and in the one before."""
        sides = (self.now.get(table), self.before.get(table))
        return all(side is not None and (not column or column in side) for side in sides)
