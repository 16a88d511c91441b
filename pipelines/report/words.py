"""Figures, bounds and moments as a steward reads them."""

from __future__ import annotations

import re
from datetime import datetime
from zoneinfo import ZoneInfo

from markupsafe import Markup, escape

from pipelines.quality.results import CheckResult, Figure


def number(value: float | None, measure: str = "") -> str:
    """A figure for reading: shares in percent, whole numbers with separators, others with four digits that count."""
    if value is None:
        return "not measured"
    if "share" in measure.replace("_", " ").split() and abs(value) <= 1:
        return f"{value * 100:.2f}".rstrip("0").rstrip(".") + " %"
    if float(value).is_integer() and abs(value) < 1e15:
        return f"{int(value):,}"
    return f"{value:,.4g}" if abs(value) < 1000 else f"{value:,.1f}"


def expected(figure: Figure) -> str:
    """The bounds of a figure in words."""
    low, high = (
        None if bound is None else number(bound, figure.measure) for bound in (figure.low, figure.high)
    )
    if low is not None and high is not None:
        return low if low == high else f"{low} to {high}"
    if low is not None:
        return f"{low} or more"
    return f"{high} or less" if high is not None else "any"


def plain(name: str) -> str:
    """A name of a check or a measure without its underscores."""
    return name.replace("_", " ")


def title(result: CheckResult) -> str:
    """What a check is called on the page."""
    words = plain(result.name)
    return words[:1].upper() + words[1:]


def moment(at: str | None, zone: str) -> str:
    """An ISO moment (UTC when it names no offset) on the clock of `zone`, to the minute; `unknown` for None."""
    if not at:
        return "unknown"
    try:
        read = datetime.fromisoformat(at)
    except ValueError:
        return at
    aware = read if read.tzinfo else read.replace(tzinfo=ZoneInfo("UTC"))
    return f"{aware.astimezone(ZoneInfo(zone)):%Y-%m-%d %H:%M}"


def coded(text: str) -> Markup:
    """A text, escaped, whose words between backticks are set as code."""
    return Markup(re.sub(r"`([^`]+)`", r"<code>\1</code>", str(escape(text))))  # noqa: S704 - escaped before


def counted(count: int, one: str, many: str | None = None) -> str:
    return f"{count:,} {one if count == 1 else many or one + 's'}"
