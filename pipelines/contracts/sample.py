"""What a sample file shows, and which canonical field each of its columns fills (guessed from synonyms.csv)."""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files

from pipelines.contracts.fields import canonical_fields, fields_of
from pipelines.contracts.model import NumberSigns
from pipelines.functions.text import to_simplified


@dataclass(frozen=True)
class Sample:
    """What a delivered file shows of itself; the defaults stand for no sample."""

    columns: tuple[str, ...] = ()
    delimiter: str = ","
    encoding: str = "utf-8"
    format: str = "csv"
    suffix: str = ""
    """How names of deliveries end, with the dot; empty: as the format is called."""
    header_row: int | None = None
    """Line of the header from 1; None where it is the first."""
    sheet: str | None = None
    member: str | None = None
    number_signs: Mapping[str, NumberSigns] = field(default_factory=dict)
    """Column -> the signs of its numbers, where these need telling."""
    doubtful_numbers: frozenset[str] = frozenset()
    """Columns with numbers that have two readings, and nothing in the sample that decides."""


def known_names(columns: Sequence[str]) -> int:
    """How many of the names mean a canonical field."""
    return sum(_plain(column) in _synonyms() for column in columns if column)


def guess_fields(columns: Sequence[str], kind: str) -> dict[str, str]:
    """Canonical field of `kind` -> delivered column, in column order; a second phone fills phone_2."""
    fields, known = fields_of(kind), _synonyms()
    mapped: dict[str, str] = {}
    for column in columns:
        meant = known.get(_plain(column), ())
        repeats = [f"{name}_{turn}" for name in meant for turn in (2, 3)]
        free = [name for name in (*meant, *repeats) if name in fields and name not in mapped]
        if free:
            mapped[free[0]] = column
    return mapped


@cache
def _synonyms() -> dict[str, tuple[str, ...]]:
    """Plain column name -> fields that it may mean, the canonical name itself first."""
    found: dict[str, list[str]] = {_plain(known.name): [known.name] for known in canonical_fields()}
    text = files(__package__).joinpath("synonyms.csv").read_text(encoding="utf-8")
    for row in csv.DictReader(text.splitlines()):
        for name in row["names"].split():
            found.setdefault(_plain(name), []).append(row["field"])
    return {name: tuple(dict.fromkeys(fields)) for name, fields in found.items()}


def _plain(name: str) -> str:
    return re.sub(r"[\s_.()（）-]", "", to_simplified(name)).casefold()
