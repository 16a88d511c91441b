"""How every published column is to be handled: `column_classes.csv` beside this module, made stricter by contracts.

From open to strict: `open` (tells nothing of one person), `attribute` (a fact about somebody), `quasi` (helps to tell who it is),
`key` (stands for somebody within this home), `direct` (names or reaches somebody), `sensitive`. The categories are those of
fideslang's taxonomy, where they fit.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from pipelines.contracts.model import Contract
from pipelines.errors import SettingsError

OPEN, ATTRIBUTE, QUASI, KEY, DIRECT, SENSITIVE = "open", "attribute", "quasi", "key", "direct", "sensitive"
STRICTNESS = {name: rank for rank, name in enumerate((OPEN, ATTRIBUTE, QUASI, KEY, DIRECT, SENSITIVE))}
CLASSES_FILE = "pipelines/privacy/column_classes.csv"

_OF_CONTRACT = {
    "public": OPEN, "none": OPEN, "internal": OPEN, "confidential": QUASI, "personal": QUASI,
    "pii": DIRECT, "restricted": SENSITIVE, "sensitive": SENSITIVE,
}  # fmt: skip
"""Word of a contract's `classification` -> the least strict class its column then has."""


class UnclassifiedError(SettingsError):
    """A published column has no class: nothing is published before somebody says how it is to be handled."""


@dataclass(frozen=True)
class Raised:
    """A canonical field that contracts want handled more strictly than its default, and which contract said so."""

    column_class: str
    source: str
    word: str


def class_of(table: str, column: str, raised: Mapping[str, Raised] | None = None) -> str:
    """The class of `column` in `table` (without schema). Raises UnclassifiedError where none stands."""
    known = _classes()
    found = known.get(f"{table}.{column}") or known.get(column)
    if found is None:
        raise UnclassifiedError(
            f"Column {column} of the published table {table} has no class; expected a line such as {table}.{column},quasi,user in "
            f"{CLASSES_FILE} (classes: {', '.join(STRICTNESS)}). Nothing was published and readers keep their version."
        )
    # what a contract wants of a field holds for its readable form as well
    stricter = (raised or {}).get(column.removesuffix("_shown"))
    return max(found, stricter.column_class if stricter else OPEN, key=STRICTNESS.__getitem__)


def is_classified(table: str, column: str) -> bool:
    """Whether a class stands for the column."""
    return f"{table}.{column}" in _classes() or column in _classes()


def raised_by(contracts: Iterable[Contract]) -> dict[str, Raised]:
    """Canonical field -> the strictest class that a contract's `classification` asks for. A word that nobody knows counts as
    `restricted`: less would be a guess."""
    found: dict[str, Raised] = {}
    for contract in contracts:
        for column in contract.columns:
            word = (column.classification or "").strip().lower()
            if not word:
                continue
            asked = Raised(_OF_CONTRACT.get(word, SENSITIVE), contract.id, word)
            before = found.get(column.field)
            if before is None or STRICTNESS[asked.column_class] > STRICTNESS[before.column_class]:
                found[column.field] = asked
    return found


@cache
def _classes() -> Mapping[str, str]:
    """Column, or table.column where it differs, -> class."""
    text = files(__package__).joinpath("column_classes.csv").read_text(encoding="utf-8")
    found: dict[str, str] = {}
    for number, row in enumerate(csv.DictReader(text.splitlines()), start=2):
        if row["class"] not in STRICTNESS or row["column"] in found:
            raise SettingsError(
                f"{CLASSES_FILE}, line {number}: {row['column']},{row['class']}; expected each column once, with one of "
                f"{', '.join(STRICTNESS)}."
            )
        found[row["column"]] = row["class"]
    return found
