"""What is published for people: the privacy notice and the record of processing, made from contracts, purposes and receivers.

Nothing is written by hand but the house's name and address: what changes in a contract changes here.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from pipelines.contracts.fields import canonical_fields
from pipelines.contracts.model import Contract
from pipelines.privacy.pages import fill_template, in_both_languages

_ORDER = ("pii", "sensitive", "personal", "internal", "public")
_PROCESSING = frozenset({"separate_consent", "until_refused"})


@dataclass(frozen=True)
class House:
    """Who answers for the data, and where people reach them (PIPL 17)."""

    name: str
    contact: str


@dataclass(frozen=True)
class Purpose:
    """One of seeds/purposes.csv."""

    name: str
    basis: str


@dataclass(frozen=True)
class Receiver:
    """Who gets files, as receivers/NAME.yml tells."""

    title: str
    role: str
    country: str
    contract: str
    transfer_basis: str | None


@dataclass(frozen=True)
class Shown:
    """Everything that both pages are made from. `exports` counts files and rows by (purpose, receiver)."""

    house: House
    day: date
    contracts: Sequence[Contract]
    purposes: Sequence[Purpose]
    receivers: Sequence[Receiver]
    exports: Mapping[tuple[str, str], tuple[int, int]]


def render_notice(shown: Shown) -> str:
    """The privacy notice, in English and Chinese: one page that loads nothing."""
    return _render("notice.html.j2", shown)


def render_record(shown: Shown) -> str:
    """The record of processing activities: one page that loads nothing."""
    return _render("processing.html.j2", shown)


def read_purposes(text: str) -> list[Purpose]:
    """The rows of seeds/purposes.csv."""
    return [Purpose(row["purpose"], row["basis"]) for row in csv.DictReader(text.splitlines())]


def fields_by_class(contracts: Iterable[Contract]) -> dict[str, list[str]]:
    """Class -> descriptions of the fields that come, the strictest class first; a contract's own class is told before ours."""
    known = {field.name: field for field in canonical_fields()}
    found: dict[str, dict[str, str]] = {}
    for contract in contracts:
        for column in contract.columns:
            field = known.get(column.field)
            if field is not None:
                stricter = (
                    "sensitive"
                    if "sensitive" in (field.sensitivity, column.classification)
                    else field.sensitivity
                )
                found.setdefault(stricter, {})[field.name] = field.description.partition(";")[0]
    return {name: sorted(found[name].values()) for name in sorted(found, key=_place)}


def kept_for(contract: Contract) -> str:
    """How long records stay, in words; without a declared retention they stay until somebody asks."""
    days = contract.sla.retention_days
    return "until you ask us 至您要求删除" if days is None else f"{days:,} days {days} 天"


def words(name: str) -> str:
    """In both languages; a word that nobody translated as it is."""
    return in_both_languages("notice_words.csv", name)


def _render(template: str, shown: Shown) -> str:
    return fill_template(
        template,
        {"words": words, "kept": kept_for},
        shown=shown,
        classes=fields_by_class(shown.contracts),
        contacts=[one for one in shown.purposes if one.basis not in _PROCESSING],
        processing=[one for one in shown.purposes if one.basis in _PROCESSING],
        classes_of=lambda contract: [words(_class_word(name)) for name in fields_by_class([contract])],
        class_word=_class_word,
    )


def _class_word(name: str) -> str:
    return "sensitive_class" if name == "sensitive" else name


def _place(name: str) -> tuple[int, str]:
    return (_ORDER.index(name) if name in _ORDER else len(_ORDER), name)


def rows_of(entries: Iterable[Mapping[str, Any]]) -> dict[tuple[str, str], tuple[int, int]]:
    """(purpose, receiver) -> exports and rows, from the export ledger; "" where a file stayed in the house."""
    found: dict[tuple[str, str], tuple[int, int]] = {}
    for line in entries:
        key = (str(line["purpose"]), str(line.get("receiver") or ""))
        count, rows = found.get(key, (0, 0))
        found[key] = (count + 1, rows + int(line["rows"]))
    return dict(sorted(found.items()))
