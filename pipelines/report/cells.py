"""One value of a block as it is read: with its unit, escaped, and as a number for machines where it is one."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from markupsafe import Markup, escape

from pipelines.report.blocks import (
    CHANGE,
    DAY,
    FLAG,
    MONEY,
    NUMBER,
    POINTS,
    QUARTER,
    SHARE,
    TEXT,
    WORD,
    Column,
)
from pipelines.report.catalogue import both, data_word
from pipelines.report.small_counts import FEWEST, Withheld

NOTHING = Markup('<span class="faint">–</span>')
MINUS = "\u2212"


def cell(column: Column, value: Any, currency: str = "") -> Markup:
    """The value as markup. Numbers stand in `<data>` with what the query gave; a withheld one is not in the page in any form."""
    if isinstance(value, Withheld):
        return Markup('<span class="few">&lt;{}</span>').format(FEWEST) if value.few else _hidden()
    if value is None:
        return NOTHING
    if column.form == TEXT:
        return escape(value)
    if column.form == WORD:
        return data_word(column.words, str(value), currency=currency)
    if column.form == FLAG:
        return data_word(column.words, str(value).lower())
    if column.form == DAY:
        return Markup('<time datetime="{0}">{0}</time>').format(as_day(value).isoformat())
    if column.form == QUARTER:
        day = as_day(value)
        return Markup('<time datetime="{}">{} Q{}</time>').format(day, day.year, (day.month + 2) // 3)
    return Markup('<data value="{}">{}</data>').format(value, figure(column.form, value))


def _hidden() -> Markup:
    return Markup('<span class="few">{}</span>').format(both("withheld"))


def as_day(value: date | datetime) -> date:
    return value.date() if isinstance(value, datetime) else value


def figure(form: str, value: Any) -> str:
    """A number for reading: `12,034`, `12.3 %`, `+1.2`, `1,234.50`, `+12`."""
    if form == SHARE:
        return _signed(f"{Decimal(str(value)) * 100:,.1f}".removesuffix(".0") + " %")
    if form == POINTS:
        points = Decimal(str(value)) * 100
        return _signed(f"{points:+,.1f}" if points else "0")
    if form == MONEY:
        return _signed(f"{Decimal(str(value)):,.2f}")
    if form in (NUMBER, CHANGE):
        number = Decimal(str(value))
        text = f"{number:,.0f}" if number == number.to_integral_value() else _decimals(number)
        return f"+{text}" if form == CHANGE and number > 0 else _signed(text)
    return _signed(f"{int(value):,}")


def _decimals(number: Decimal) -> str:
    """Two digits after the point from 1 on, four below."""
    digits = 2 if abs(number) >= 1 else 4
    return f"{number:,.{digits}f}".rstrip("0").rstrip(".")


def _signed(text: str) -> str:
    return text.replace("-", MINUS)
