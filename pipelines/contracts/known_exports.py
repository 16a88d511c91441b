"""Exports of systems that many companies use, recognised by their headers.

`known_exports.csv` names them with their record kind and, where all of them have one, country and currency;
`known_export_columns.csv` has a line per column as the system writes it, with the canonical field that it fills (none: it
is left in extra). Some systems wrote other names in other years: then two columns fill one field, and the delivered one does.
"""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from pipelines.contracts.column_names import meant_fields, plain_name

_FEWEST = 4  # columns in common; fewer is a coincidence
_SHARE = 0.5  # of the delivered header's columns, or of the export's, that both have


@dataclass(frozen=True)
class KnownExport:
    """One kind of file of one system. `fields`: plain column name -> canonical field, '' for none."""

    id: str
    name: str
    kind: str
    country: str | None
    currency: str | None
    fields: dict[str, str]

    @property
    def system(self) -> str:
        """Shopify's orders and customers are of one system."""
        return self.id.partition("_")[0]


def recognise(columns: Sequence[str]) -> KnownExport | None:
    """The export whose header this is; None where none has enough columns in common.

    Columns that no other system has count double, since Email and Phone stand everywhere.
    """
    names = {plain_name(column) for column in columns if column}
    best = max(known_exports(), key=lambda export: _likeness(names, export))
    common = names & set(best.fields)
    is_own = any(_rarity(name) == 1 for name in common)
    is_enough = len(common) >= max(_SHARE * len(names), _FEWEST) or len(common) >= _SHARE * len(best.fields)
    return best if len(common) >= _FEWEST and is_enough and is_own else None


def _likeness(names: set[str], export: KnownExport) -> tuple[float, float]:
    """Weight of the columns in common; where two have the same, the share of the export's own columns that are there."""
    common = names & set(export.fields)
    weight = sum(1 + 1 / _rarity(name) for name in common)
    return weight, len(common) / len(export.fields)


@cache
def _rarity(name: str) -> int:
    """How many systems have such a column."""
    return len({export.system for export in known_exports() if name in export.fields})


def known_names(columns: Iterable[str]) -> int:
    """How many of the names mean a canonical field, or stand in a known export."""
    return sum(
        bool(meant_fields(column)) or plain_name(column) in export_names() for column in columns if column
    )


@cache
def export_names() -> frozenset[str]:
    """Plain names of the columns of all known exports."""
    return frozenset(name for export in known_exports() for name in export.fields)


@cache
def known_exports() -> tuple[KnownExport, ...]:
    """Every known export, in the order of the table."""
    columns: dict[str, dict[str, str]] = defaultdict(dict)
    for row in _rows("known_export_columns.csv"):
        columns[row["export"]][plain_name(row["column"])] = row["field"]
    return tuple(
        KnownExport(
            row["export"],
            row["name"],
            row["kind"],
            row["country"] or None,
            row["currency"] or None,
            columns[row["export"]],
        )
        for row in _rows("known_exports.csv")
    )


def _rows(name: str) -> list[dict[str, str]]:
    text = files(__package__).joinpath(name).read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))
