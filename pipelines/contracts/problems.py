"""Findings about contracts: what was received, expected, and what to do. How they print is in render.py."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from rapidfuzz import fuzz, process

Place = tuple[str | int, ...]
"""Where in a document: keys and list positions from the root, as in a JSON pointer."""

_LOOKS_PERSONAL = re.compile(r"@|[0-9]([ -]?[0-9]){6}")
_LONGEST_SHOWN = 60
_LIST_IN_FULL = 12
_NEAR = 60  # of 100; below it suggestions read as noise: phone and zone reach 44, phone and phones 91


@dataclass(frozen=True)
class Problem:
    """One finding in one file; `source_id` is the contract's id if readable, else the file's stem."""

    file: Path
    place: str
    received: str
    expected: str
    remedy: str
    source_id: str


class Findings:
    """Collects the problems of one file: the first about a place stays, later ones about it are dropped.

    `lines` holds the line (from 1) of every place in the file; `source_id` may be set once it is known.
    """

    def __init__(self, file: Path) -> None:
        self.file = file
        self.source_id = file.stem
        self.lines: dict[Place, int] = {}
        self._found: dict[Place, tuple[str, str, str]] = {}

    def __bool__(self) -> bool:
        return bool(self._found)

    @property
    def problems(self) -> tuple[Problem, ...]:
        """In the order of the file, as far as lines are known."""
        ordered = sorted(self._found, key=lambda place: (self._line(place) or 0, tuple(map(str, place))))
        return tuple(self._problem(place) for place in ordered)

    def add(self, place: Place, received: str, expected: str, remedy: str) -> None:
        self._found.setdefault(place, (received, expected, remedy))

    def unknown(self, place: Place, received: str, what: str, choices: Iterable[str]) -> None:
        """A word outside a closed list: names the nearest valid one; lists all if few, or none is near."""
        names = sorted(choices)
        near = nearest(received, names)
        listed = ", ".join(names) if near is None or len(names) <= _LIST_IN_FULL else f"such as {near}"
        remedy = f"Write {near}" if near else "Choose one of them" if names else "Remove it"
        self.add(place, shown(received), f"{what}: {listed or 'none'}", remedy)

    def _problem(self, place: Place) -> Problem:
        received, expected, remedy = self._found[place]
        line = self._line(place)
        pointer = "/" + "/".join(_step(step) for step in place)
        told = f"{pointer} (line {line})" if line else pointer
        return Problem(self.file, told, received, expected, remedy, self.source_id)

    def _line(self, place: Place) -> int | None:
        """Line of the place, else of the nearest thing around it that the file holds."""
        for end in range(len(place), -1, -1):
            if place[:end] in self.lines:
                return self.lines[place[:end]]
        return None


def nearest(name: str, choices: Iterable[str]) -> str | None:
    """The choice most like `name` regardless of case and separators; None when none is near."""
    best = process.extractOne(name, sorted(choices), scorer=fuzz.ratio, processor=_plain, score_cutoff=_NEAR)
    return best[0] if best else None


def shown(value: object) -> str:
    """A value for a message: short scalars as written; the rest, and what may be personal, only described."""
    if isinstance(value, str) and not _LOOKS_PERSONAL.search(value) and 0 < len(value) <= _LONGEST_SHOWN:
        return value if value.isprintable() and value == value.strip() else repr(value)
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int | float) and not _LOOKS_PERSONAL.search(str(value)):
        return str(value)
    return described(value)


def described(value: object) -> str:
    """The form of a value without the value."""
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return "true or false"
    if isinstance(value, str):
        return f"text of {len(value)} characters"
    if isinstance(value, int | float):
        return "a number"
    return f"a list of {len(value)}" if isinstance(value, list) else "a mapping"


def _step(step: str | int) -> str:
    return str(step) if isinstance(step, int) else shown(step)


def _plain(name: str) -> str:
    return re.sub(r"[\s_.-]", "", name).casefold()
