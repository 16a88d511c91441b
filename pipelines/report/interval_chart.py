"""A figure and its interval as a small inline SVG; the numbers stand beside it, so it is no picture of its own for who hears it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from markupsafe import Markup

_WIDTH, _HEIGHT, _PAD = 120.0, 18.0, 4.0


def scale_of(bounds: Sequence[tuple[Any, Any]]) -> tuple[float, float]:
    """Lowest and highest end of the intervals, zero included."""
    ends = [0.0, *(float(end) for pair in bounds for end in pair)]
    low, high = min(ends), max(ends)
    return (low, high) if high > low else (low - 1.0, high + 1.0)


def interval_chart(point: Any, low: Any, high: Any, scale: tuple[float, float]) -> Markup:
    """The interval as a line, the point on it, and where zero is; `apart` in its class where zero lies outside."""

    def x(value: float) -> float:
        return _PAD + (value - scale[0]) / (scale[1] - scale[0]) * (_WIDTH - 2 * _PAD)

    apart = " apart" if float(low) > 0 or float(high) < 0 else ""
    middle = _HEIGHT / 2
    return Markup(
        '<svg class="interval{}" viewBox="0 0 {:.0f} {:.0f}" aria-hidden="true"><path class="zero" d="M{:.1f} 0V{:.0f}"/>'
        '<path class="range" d="M{:.1f} {:.0f}H{:.1f}"/><circle cx="{:.1f}" cy="{:.0f}" r="4"/></svg>'
    ).format(
        apart, _WIDTH, _HEIGHT, x(0.0), _HEIGHT, x(float(low)), middle, x(float(high)), x(float(point)), middle
    )  # fmt: skip
