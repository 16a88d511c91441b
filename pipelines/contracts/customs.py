"""Reads `customProperties` of one level: the names known there, typed values, findings for the rest."""

from __future__ import annotations

import math
import re
from collections.abc import Collection, Iterator
from datetime import date
from decimal import Decimal

import phonenumbers

from pipelines.contracts.problems import Findings, Place, shown
from pipelines.contracts.vocabularies import CURRENCIES

COUNTRIES: frozenset[str] = frozenset(phonenumbers.SUPPORTED_REGIONS)
"""ISO 3166 alpha-2 codes of the regions that have telephone numbers."""

Node = dict[str, object]


def mappings(value: object) -> Iterator[tuple[int, Node]]:
    """The mappings of a list with their positions; anything else the standard's schema has told."""
    if isinstance(value, list):
        for index, item in enumerate(value):
            if isinstance(item, dict):
                yield index, item


def is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


class Customs:
    """The custom properties below `place`, each at most once; getters tell a wrong value and return None."""

    def __init__(self, node: Node, place: Place, known: Collection[str], findings: Findings) -> None:
        self._values: dict[str, object] = {}
        self._places: dict[str, Place] = {}
        self._root: Place = (*place, "customProperties")
        self._findings = findings
        for index, entry in mappings(node.get("customProperties")):
            name = entry.get("property")
            if not isinstance(name, str):
                continue
            where = (*self._root, index)
            if name not in known:
                findings.unknown((*where, "property"), name, "a custom property that is known here", known)
            elif name in self._values:
                remedy = "Keep one of the two"
                findings.add(
                    (*where, "property"), f"{name} a second time", "each custom property once", remedy
                )
            elif entry.get("value") is not None:
                self._values[name], self._places[name] = entry["value"], (*where, "value")

    def place(self, name: str) -> Place:
        """Where the property stands, else where it would stand."""
        return self._places.get(name, (*self._root, name))

    def has(self, name: str) -> bool:
        return name in self._values

    def raw(self, name: str) -> object:
        return self._values.get(name)

    def missing(self, name: str, why: str) -> None:
        remedy = f"Add {{property: {name}, value: …}} to customProperties"
        self._findings.add(self.place(name), f"no {name}", why, remedy)

    def text(self, name: str) -> str | None:
        """Text that is not blank; a plain number counts as text (a sheet or reference may be one)."""
        value = self._values.get(name)
        if isinstance(value, int) and not isinstance(value, bool):
            return str(value)
        if value is None or (isinstance(value, str) and value.strip()):
            return value
        self._wrong(name, "text that is not blank", f"Write the {name} as text")
        return None

    def choice(self, name: str, allowed: Collection[str]) -> str | None:
        """One word of `allowed`."""
        value = self._values.get(name)
        if value is None or (isinstance(value, str) and value in allowed):
            return value
        if isinstance(value, str):
            self._findings.unknown(self.place(name), value, f"a value of {name}", allowed)
        else:
            self._wrong(name, f"one of {', '.join(sorted(allowed))}", f"Write the {name} as one word")
        return None

    def words(self, name: str, allowed: Collection[str] | None = None) -> tuple[str, ...]:
        """A list of words, or one text with commas between them; each of `allowed` where that is given."""
        value = self._values.get(name)
        parts = re.split(r"[,;，；]", value) if isinstance(value, str) else value
        if value is None:
            return ()
        if not isinstance(parts, list) or not all(isinstance(part, str) and part.strip() for part in parts):
            self._wrong(name, "a list of words", "Write it as [one, two]")
            return ()
        words = tuple(dict.fromkeys(part.strip() for part in parts))
        for word in words:
            if allowed is not None and word not in allowed:
                self._findings.unknown(self.place(name), word, f"a value of {name}", allowed)
        return words

    def country(self, name: str) -> str | None:
        value = self._values.get(name)
        if value is None or (isinstance(value, str) and value in COUNTRIES):
            return value
        self._wrong(name, "a two-letter ISO 3166 country", "Write it in capitals, such as CN")
        return None

    def currency(self, name: str) -> str | None:
        value = self._values.get(name)
        if value is None or (isinstance(value, str) and value in CURRENCIES):
            return value
        self._wrong(
            name, "a currency of ISO 4217", "Write its three capitals, such as CNY (not RMB), USD or EUR"
        )
        return None

    def countries(self, name: str) -> tuple[str, ...]:
        found = self.words(name)
        if all(word in COUNTRIES for word in found):
            return found
        self._wrong(name, "two-letter ISO 3166 countries", "Write them in capitals, such as [CN, SG]")
        return ()

    def day(self, name: str) -> date | None:
        value = self._values.get(name)
        if value is None:
            return None
        if isinstance(value, str) and re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value):
            try:
                return date.fromisoformat(value)
            except ValueError:
                pass
        self._wrong(name, "a day of the calendar, yyyy-mm-dd", "Write it as 2026-12-31")
        return None

    def share(self, name: str) -> Decimal | None:
        """A share from 0 to 1."""
        value = self._values.get(name)
        if value is None:
            return None
        if is_number(value) and 0 <= Decimal(str(value)) <= 1:
            return Decimal(str(value))
        self._wrong(name, "a share from 0 to 1", "Write 0.2 for 20 %")
        return None

    def flag(self, name: str) -> bool | None:
        value = self._values.get(name)
        if value is None or isinstance(value, bool):
            return value
        self._wrong(name, "true or false", "Write it without quotes")
        return None

    def whole(self, name: str, highest: int) -> int | None:
        """A whole number from 1 to `highest`."""
        value = self._values.get(name)
        if value is None:
            return None
        if isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= highest:
            return value
        self._wrong(name, f"a whole number from 1 to {highest}", "Write it without quotes or unit")
        return None

    def _wrong(self, name: str, expected: str, remedy: str) -> None:
        self._findings.add(self.place(name), shown(self._values[name]), expected, remedy)
