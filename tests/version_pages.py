"""The page of a version as a test reads it: of each block the query that stands beside it, and its cells as they are shown."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

from pipelines.report.blocks import PEOPLE, SHARE, Block, Column, PublishedTables
from pipelines.report.sections.every import sections

FIGURES = {"count", "people", "number", "money", "share", "points", "change"}
ROUNDED = {"share": (100, 0.051), "points": (100, 0.051), "money": (1, 0.0051), "number": (1, 0.0051)}
"""Form -> what the shown figure is multiplied by, and how far rounding may take it."""


@dataclass
class Cell:
    """What stands there in English, and the number that the page gives to machines."""

    text: str = ""
    data: str | None = None


@dataclass
class ShownBlock:
    sql: str = ""
    rows: list[list[Cell]] = field(default_factory=list)
    """Body rows of the table; the one row of tiles."""


class VersionPage(HTMLParser):
    """`blocks` by name, `ids` and `links` in order, `texts` whole."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.blocks: dict[str, ShownBlock] = {}
        self.ids: list[str] = []
        self.links: list[str] = []
        self._open: list[tuple[str, bool]] = []
        self._block: ShownBlock | None = None
        self._cell: Cell | None = None
        self._in_sql = self._in_body = False
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = dict(attrs)
        if told.get("id"):
            self.ids.append(str(told["id"]))
        if tag == "a":
            self.links.append(str(told["href"]))
        if tag in ("meta", "link", "input", "path", "circle", "polyline", "polygon"):
            return
        self._open.append((tag, told.get("class") == "zh"))
        if tag == "article":
            self._block = self.blocks.setdefault(str(told["id"]).removeprefix("block-"), ShownBlock())
        if self._block is None:
            return
        self._in_sql |= tag == "pre"
        self._in_body |= tag == "tbody"
        if (tag == "tr" and self._in_body) or (tag == "dl"):
            self._block.rows.append([])
        if (tag in ("td", "th") and self._in_body) or tag == "dd":
            self._cell = Cell()
            self._block.rows[-1].append(self._cell)
        if tag == "data" and self._cell is not None:
            self._cell.data = told["value"]

    def handle_endtag(self, tag: str) -> None:
        while self._open and self._open.pop()[0] != tag:
            pass
        if tag in ("td", "th", "dd"):
            self._cell = None
        if tag == "tbody":
            self._in_body = False
        if tag == "pre":
            self._in_sql = False
        if tag == "article":
            self._block = None

    def handle_data(self, data: str) -> None:
        if any(is_chinese for _, is_chinese in self._open):
            return
        if self._block is not None and self._in_sql:
            self._block.sql += data
        elif self._cell is not None:
            self._cell.text += data.strip()


def blocks_of(tables: PublishedTables) -> dict[str, Block]:
    return {block.name: block for section in sections(tables) for block in section.blocks}


def differences(block: Block, shown: ShownBlock, rows: list[dict[str, Any]]) -> list[str]:
    """What of a block is not what its query gives, with small counts left out; empty where all is."""
    if block.heat is not None:
        return _of_heat(block, shown, rows)
    if len(shown.rows) != len(rows):
        return [f"{block.name}: {len(shown.rows)} rows shown, {len(rows)} asked"]
    found = []
    for number, (cells, row) in enumerate(zip(shown.rows, rows, strict=True)):
        for column, cell in zip(block.shown_columns, cells, strict=False):
            told = _fault(block, column, cell, row)
            if told:
                found.append(f"{block.name}, row {number}, {column.name}: {told}")
    return found


def _of_heat(block: Block, shown: ShownBlock, rows: list[dict[str, Any]]) -> list[str]:
    heat, columns = block.heat, {column.name: column for column in block.columns}
    assert heat is not None
    down = list(dict.fromkeys(row[heat.down] for row in rows))
    across = sorted({row[heat.across] for row in rows})
    places = {(down.index(row[heat.down]), across.index(row[heat.across])): row for row in rows}
    found = []
    for place, cells in enumerate(shown.rows):
        for turn, cell in enumerate(cells[2 if heat.size else 1 :]):
            row = places.get((place, turn))
            if row is None:
                told = cell.text and "a figure that was not asked"
            elif cell.text == "<5":
                told = "" if 0 < row[heat.counted] < 5 else "withheld without a reason"
            else:
                told = _fault(block, columns[heat.shown], cell, row)
            if told:
                found.append(f"{block.name}, cell {place}/{turn}: {told}")
    return found


def _fault(block: Block, column: Column, cell: Cell, row: dict[str, Any]) -> str:
    value = row[column.name]
    if column.form not in FIGURES or value is None:
        return f"{cell.data} of nothing" if cell.data is not None else ""
    groups = [row[name] for name in column.of.split(",") if name]
    if cell.text == "hidden":
        has_reason = any(0 < group < 5 for group in groups if group is not None) or block.partition
        return "" if has_reason and cell.data is None else "withheld without a reason"
    if column.form == PEOPLE and 0 < value < 5:
        return "" if (cell.text, cell.data) == ("<5", None) else f"shows {cell.text}, fewer than five people"
    if any(0 < group < 5 for group in groups if group is not None):
        return f"shows {cell.text} of fewer than five people"
    if cell.data is None or abs(float(cell.data) - float(value)) > 1e-9:
        return f"{cell.data} is told, the query gives {value}"
    return _misread(column, cell, float(value))


def _misread(column: Column, cell: Cell, value: float) -> str:
    """Whether the text for people says something else than the number."""
    text = cell.text.replace(",", "").replace("\u2212", "-")
    if (column.form == SHARE) != text.endswith(" %"):
        return f"{cell.text} has the wrong unit"
    factor, slack = ROUNDED.get(column.form, (1, 0.0051))
    return (
        "" if abs(float(text.removesuffix(" %")) - value * factor) <= slack else f"{cell.text} is not {value}"
    )
