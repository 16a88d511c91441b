"""A block as the template takes it: labelled cells in rows, a map, or lines with the rows behind them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from markupsafe import Markup

from pipelines.report.answers import Answer
from pipelines.report.blocks import DAY, FIGURES, SHARE, Block, Column, Heat, Lines
from pipelines.report.catalogue import both
from pipelines.report.cells import NOTHING, as_day, cell
from pipelines.report.interval_chart import interval_chart, scale_of
from pipelines.report.line_chart import Plot, line_chart
from pipelines.report.small_counts import Row, Withheld


@dataclass(frozen=True)
class Cell:
    """`part` is the length of a bar or the strength of a colour, from 0 to 1; None without one."""

    told: Markup
    is_figure: bool = False
    part: float | None = None


@dataclass(frozen=True)
class HeatMap:
    down: list[Markup]
    across: list[Markup]
    cells: list[list[Cell]]
    size: Markup
    """Label of the figure of a whole row, which stands in `sizes`; empty where there is none."""
    sizes: list[Markup]


@dataclass(frozen=True)
class Chart:
    """One chart of a block: its svg, what it is of where there are several, and the id of the text that names it."""

    svg: Markup
    of: Markup
    named_by: str


@dataclass(frozen=True)
class ShownBlock:
    answer: Answer
    labels: list[tuple[Markup, bool]]
    """Of each column its label, and whether figures stand below it."""
    rows: list[list[Cell]]
    heat: HeatMap | None = None
    charts: list[Chart] = field(default_factory=list)
    series: list[Markup] = field(default_factory=list)

    @property
    def block(self) -> Block:
        return self.answer.block


def shown_block(answer: Answer, currency: str) -> ShownBlock:
    block, rows = answer.block, answer.rows
    labels = [(_label(column.name, currency), column.form in FIGURES) for column in block.shown_columns]
    if block.interval:
        labels.append((both("col.interval"), False))
    return ShownBlock(
        answer,
        labels,
        _rows(block, rows, currency),
        _heat_map(block, block.heat, rows, currency) if block.heat else None,
        _charts(block, block.lines, rows) if block.lines else [],
        [_label(name, currency) for name in block.lines.series] if block.lines else [],
    )


def _label(name: str, currency: str) -> Markup:
    return both(f"col.{name}", currency=currency)


def _rows(block: Block, rows: list[Row], currency: str) -> list[list[Cell]]:
    largest = {column.name: _largest(column, rows) for column in block.columns if column.is_bar}
    shown = [
        [
            Cell(
                cell(column, row[column.name], currency),
                column.form in FIGURES,
                _part(row[column.name], largest[column.name]) if column.is_bar else None,
            )
            for column in block.shown_columns
        ]
        for row in rows
    ]
    if block.interval:
        for cells, drawn in zip(shown, _intervals(block, rows), strict=True):
            cells.append(Cell(drawn))
    return shown


def _intervals(block: Block, rows: list[Row]) -> list[Markup]:
    wanted = block.interval
    assert wanted is not None
    names = (wanted.point, wanted.low, wanted.high)
    known = [all(_number(row[name]) is not None for name in names) for row in rows]
    scale = scale_of(
        [(row[wanted.low], row[wanted.high]) for row, is_known in zip(rows, known, strict=True) if is_known]
    )
    return [
        interval_chart(row[wanted.point], row[wanted.low], row[wanted.high], scale) if is_known else NOTHING
        for row, is_known in zip(rows, known, strict=True)
    ]


def _number(value: Any) -> float | None:
    return None if value is None or isinstance(value, Withheld) else float(value)


def _largest(column: Column, rows: list[Row]) -> float:
    """What a full bar stands for: 1 of a share, else the largest figure."""
    if column.form == SHARE:
        return 1.0
    return max((number for row in rows if (number := _number(row[column.name])) is not None), default=0.0)


def _part(value: Any, largest: float) -> float | None:
    number = _number(value)
    return None if number is None or largest <= 0 else min(max(number / largest, 0.0), 1.0)


def _heat_map(block: Block, heat: Heat, rows: list[Row], currency: str) -> HeatMap:
    """Rows in the order of the query, columns in their own; a place without a row is empty."""
    columns = {column.name: column for column in block.columns}
    down = _distinct(row[heat.down] for row in rows)
    across = sorted(_distinct(row[heat.across] for row in rows))
    by_place = {(row[heat.down], row[heat.across]): row for row in rows}
    numbers = [number for row in rows if (number := _number(row[heat.shown])) is not None]
    largest = max(numbers, default=0.0)
    sizes = {row[heat.down]: row[heat.size] for row in rows} if heat.size else {}

    def at(one: Any, other: Any) -> Cell:
        row = by_place.get((one, other))
        if row is None:
            return Cell(Markup(""), is_figure=True)
        name = heat.counted if isinstance(row[heat.shown], Withheld) else heat.shown
        return Cell(cell(columns[name], row[name], currency), True, _part(row[heat.shown], largest))

    return HeatMap(
        [cell(columns[heat.down], value, currency) for value in down],
        [cell(columns[heat.across], value, currency) for value in across],
        [[at(one, other) for other in across] for one in down],
        _label(heat.size, currency) if heat.size else Markup(""),
        [cell(columns[heat.size], sizes[one], currency) for one in down] if heat.size else [],
    )


def _distinct(values: Iterable[Any]) -> list[Any]:
    return list(dict.fromkeys(values))


def _charts(block: Block, lines: Lines, rows: list[Row]) -> list[Chart]:
    columns = {column.name: column for column in block.columns}
    groups = _distinct(row[lines.by] for row in rows) if lines.by else [None]
    charts = []
    for number, group in enumerate(groups):
        own = [row for row in rows if not lines.by or row[lines.by] == group]
        plot = Plot(
            [_place(row[lines.across]) for row in own],
            [_axis_label(columns[lines.across], row[lines.across]) for row in own],
            [[_number(row[name]) for row in own] for name in lines.series],
            columns[lines.series[0]].form,
        )
        named_by = f"chart-{block.name}-{number}"
        told = cell(columns[lines.by], group) if lines.by else Markup("")
        charts.append(Chart(line_chart(plot, named_by), told, named_by))
    return charts


def _place(value: Any) -> float:
    return float(as_day(value).toordinal()) if isinstance(value, date) else float(value)


def _axis_label(column: Column, value: Any) -> str:
    return f"{as_day(value):%Y-%m}" if column.form == DAY else f"{value}"
