"""Filling the templates of this room; every value is escaped, a missing one is an error."""

from __future__ import annotations

from datetime import date, datetime
from functools import cache
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from pipelines.desk.sessions import Session
from pipelines.desk.words import LANGUAGES, speaking


def fill(template: str, language: str, **shown: Any) -> str:
    """The page or part of a page in a language. Raises jinja2's UndefinedError for a value that is missing."""
    return (
        _environment()
        .get_template(template)
        .render(t=speaking(language), language=language, languages=LANGUAGES, **shown)
    )


def fill_for(session: Session, template: str, **shown: Any) -> str:
    """The same for somebody in a session."""
    return fill(template, session.language, session=session, **shown)


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("pipelines.desk"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(bits=_bits, share=_share, day=_day, minute=_minute, count=_count, money=_money)
    return environment


def _bits(value: float) -> str:
    return f"{value:+.1f}".replace("-", "\u2212")


def _share(value: Any) -> str:
    return "" if value is None else f"{float(value):.0%}"


def _count(value: Any) -> str:
    return f"{value:,}" if isinstance(value, int) else str(value)


def _money(value: Any) -> str:
    return "" if value is None else f"{float(value):,.2f}".replace("-", "\u2212")


def _day(value: Any) -> str:
    return (
        ""
        if value is None
        else value.isoformat()[:10]
        if isinstance(value, (date, datetime))
        else str(value)[:10]
    )


def _minute(value: Any) -> str:
    return "" if value is None else str(value).replace("T", " ")[:16]
