"""The page of a published version: one file that loads nothing, in English and Chinese, without personal values."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from pipelines.report.answers import UNREADABLE, Answer, Read, answer
from pipelines.report.blocks import PublishedTables
from pipelines.report.catalogue import both
from pipelines.report.sections.every import sections
from pipelines.report.shown import shown_block
from pipelines.report.small_counts import FEWEST
from pipelines.report.templating import template_environment
from pipelines.report.words import moment
from pipelines.storage.durable import write_file

if TYPE_CHECKING:
    from jinja2 import Environment

VERSION_PAGE = "version.html"
"""Beside the page of the run that published the version, in the home's docs."""


@dataclass(frozen=True)
class ToldVersion:
    """What stands above the figures. Moments are ISO, UTC; `before` is the version that readers saw before, if any."""

    version: str
    as_of: str
    created_at: str
    before: str | None
    currency: str
    zone: str


def write_version_page(path: Path, told: ToldVersion, tables: PublishedTables, read: Read) -> list[Answer]:
    """Write the page; returns what the blocks were answered, so that a caller can tell those that were UNREADABLE."""
    asked = [
        (section, [answer(block, tables, read) for block in section.blocks]) for section in sections(tables)
    ]
    shown = [
        (section, [shown_block(one, told.currency) for one in answers if _is_shown(one)])
        for section, answers in asked
    ]
    text = (
        _environment()
        .get_template("version.html.j2")
        .render(told=told, sections=shown, fewest=FEWEST, made_at=moment(told.created_at, told.zone))
    )
    write_file(path, text)
    return [one for _, answers in asked for one in answers]


def unreadable(answers: list[Answer]) -> list[str]:
    """Names of the blocks that the version could not answer."""
    return [one.block.name for one in answers if one.state == UNREADABLE]


def _is_shown(one: Answer) -> bool:
    return not (one.block.is_optional and one.lacking)


@cache
def _environment() -> Environment:
    return template_environment(both=both)
