"""Lines over days or numbers as an inline SVG of 360 units: as wide as a phone, so that its text is not scaled down there."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from pipelines.report.blocks import COUNT, NUMBER, SHARE
from pipelines.report.cells import figure

_WIDTH, _HEIGHT = 360.0, 210.0
_LEFT, _RIGHT, _TOP, _BOTTOM = 52.0, 14.0, 12.0, 26.0
_LETTER = 7.5  # width of a figure at the size of the labels, in a wide typeface
_MOST_TICKS = 5

Series = Sequence[float | None]
"""Values of one line, point by point; None where there is none or it is withheld: the line is broken there."""


@dataclass(frozen=True)
class Plot:
    """Points from left to right: their places (any unit), their labels, and a series per line. `form` is that of the values."""

    places: Sequence[float]
    labels: Sequence[str]
    series: Sequence[Series]
    form: str


def line_chart(plot: Plot, named_by: str) -> Markup:
    """The chart, told to who does not see it by the element `named_by`; empty where no line has a point."""
    values = [value for series in plot.series for value in series if value is not None]
    if not values:
        return Markup("")
    step = _step(max(values))
    top = max(step * math.ceil(max(values) / step - 1e-9), step)
    scale = _Scale(min(plot.places), max(plot.places), top)
    parts = [*_grid(plot, scale, step, top), *_labels(plot, scale)]
    for number, series in enumerate(plot.series):
        parts += _line(number, plot.places, series, scale)
    return Markup(
        '<svg class="chart" viewBox="0 0 {:.0f} {:.0f}" role="img" aria-labelledby="{}">{}</svg>'
    ).format(_WIDTH, _HEIGHT, named_by, Markup("").join(parts))


@dataclass(frozen=True)
class _Scale:
    first: float
    last: float
    top: float

    def x(self, place: float) -> float:
        spread = self.last - self.first
        share = (place - self.first) / spread if spread else 0.5
        return _LEFT + share * (_WIDTH - _LEFT - _RIGHT)

    def y(self, value: float) -> float:
        return _HEIGHT - _BOTTOM - value / self.top * (_HEIGHT - _TOP - _BOTTOM)


def _step(highest: float) -> float:
    """A round distance between lines of the grid: at most five from 0 to the highest value."""
    if highest <= 0:
        return 1.0
    rough = highest / _MOST_TICKS
    unit = 10.0 ** math.floor(math.log10(rough))
    return next(unit * factor for factor in (1, 2, 5, 10) if unit * factor >= rough * (1 - 1e-9))


def _grid(plot: Plot, scale: _Scale, step: float, top: float) -> list[Markup]:
    form = SHARE if plot.form == SHARE else COUNT if float(step).is_integer() else NUMBER
    lines = []
    for turn in range(round(top / step) + 1):
        y = scale.y(turn * step)
        lines.append(
            Markup(
                '<path class="grid" d="M{:.0f} {:.1f}H{:.0f}"/><text x="{:.0f}" y="{:.1f}" text-anchor="end">{}</text>'
            ).format(_LEFT, y, _WIDTH - _RIGHT, _LEFT - 6, y + 4, figure(form, round(turn * step, 10)))
        )
    return lines


def _labels(plot: Plot, scale: _Scale) -> list[Markup]:
    """As many labels below as fit, the last one always; each says which part of the picture it stands for."""
    found, free = [], _WIDTH
    for place, label in reversed(list(zip(plot.places, plot.labels, strict=True))):
        half = len(label) * _LETTER / 2
        middle = min(max(scale.x(place), _LEFT - 16 + half), _WIDTH - half)
        if middle + half > free:
            continue
        free = middle - half - 8
        found.append(
            Markup('<text x="{:.1f}" y="{:.0f}" text-anchor="middle">{}</text>').format(
                middle, _HEIGHT - 8, label
            )
        )
    return found


def _line(number: int, places: Sequence[float], series: Series, scale: _Scale) -> list[Markup]:
    runs: list[list[str]] = [[]]
    dots = []
    for place, value in zip(places, series, strict=True):
        if value is None:
            runs.append([])
            continue
        x, y = scale.x(place), scale.y(value)
        runs[-1].append(f"{x:.1f},{y:.1f}")
        if len(places) <= 12:
            dots.append(Markup('<circle cx="{:.1f}" cy="{:.1f}" r="3"/>').format(x, y))
    lines = [Markup('<polyline points="{}"/>').format(" ".join(run)) for run in runs if len(run) > 1]
    if not dots:
        dots = [
            Markup('<circle cx="{}" cy="{}" r="2.5"/>').format(*run[0].split(","))
            for run in runs
            if len(run) == 1
        ]
    return [Markup('<g class="s{}">{}</g>').format(number, Markup("").join([*lines, *dots]))]
