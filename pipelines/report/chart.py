"""A figure over the runs as a small inline SVG: the line, its band, and the points that left it."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup, escape

from pipelines.report.history import Point
from pipelines.report.words import expected, number

_WIDTH, _HEIGHT, _PAD = 240.0, 56.0, 6.0


def sparkline(points: Sequence[Point]) -> Markup:
    """SVG of the points, oldest first; empty where fewer than two runs measured the figure."""
    known = [(index, point) for index, point in enumerate(points) if point.figure.value is not None]
    if len(known) < 2:
        return Markup("")
    scale = _Scale(points)
    line = " ".join(f"{scale.x(index):.1f},{scale.y(_value(point)):.1f}" for index, point in known)
    dots = "".join(
        f'<circle class="out" cx="{scale.x(index):.1f}" cy="{scale.y(_value(point)):.1f}" r="3"/>'
        for index, point in known
        if not point.figure.passed
    )
    return Markup(  # noqa: S704 - numbers of our own making, and an escaped label
        f'<svg class="line" viewBox="0 0 {_WIDTH:.0f} {_HEIGHT:.0f}" role="img" aria-label="{escape(_label(points))}">'
        f'<polygon class="band" points="{_band(points, scale)}"/><polyline points="{line}"/>{dots}</svg>'
    )


class _Scale:
    """Runs from left to right; values from bottom to top, bounds that are near included."""

    def __init__(self, points: Sequence[Point]) -> None:
        values = [_value(point) for point in points if point.figure.value is not None]
        bounds = [b for p in points for b in (p.figure.low, p.figure.high) if b is not None]
        spread = max(values) - min(values) or abs(max(values)) or 1.0
        # A bound far away would press the line flat.
        near = [b for b in bounds if min(values) - 2 * spread <= b <= max(values) + 2 * spread]
        self.low, self.high = min(values + near), max(values + near)
        self.count = len(points)

    def x(self, index: int) -> float:
        return _PAD + index * (_WIDTH - 2 * _PAD) / max(self.count - 1, 1)

    def y(self, value: float) -> float:
        share = (value - self.low) / ((self.high - self.low) or 1.0)
        return min(max(_HEIGHT - _PAD - share * (_HEIGHT - 2 * _PAD), 0.0), _HEIGHT)


def _value(point: Point) -> float:
    assert point.figure.value is not None
    return point.figure.value


def _band(points: Sequence[Point], scale: _Scale) -> str:
    """The band as it was at each run: bounds that are learned move. An open side reaches the picture's edge."""
    top = [(i, 0.0 if p.figure.high is None else scale.y(p.figure.high)) for i, p in enumerate(points)]
    bottom = [(i, _HEIGHT if p.figure.low is None else scale.y(p.figure.low)) for i, p in enumerate(points)]
    return " ".join(f"{scale.x(i):.1f},{y:.1f}" for i, y in [*top, *reversed(bottom)])


def _label(points: Sequence[Point]) -> str:
    last = points[-1].figure
    values = [_value(point) for point in points if point.figure.value is not None]
    outside = sum(not point.figure.passed for point in points)
    return (
        f"{last.measure} of {last.subject} over {len(points)} runs: {number(min(values), last.measure)} to "
        f"{number(max(values), last.measure)}, expected {expected(last)}, {outside} of them outside"
    )
