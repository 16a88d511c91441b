"""One difference between two contracts of a source, judged: whether what is built on the old one may break."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass

from pipelines.contracts.problems import shown

BREAKING, COMPATIBLE, COSMETIC = "breaking", "compatible", "cosmetic"
MAJOR, MINOR = "major", "minor"

_SHORT = 50  # characters of a list that are shown

_VERSION = re.compile(r"v?([0-9]+)(?:\.([0-9]+))?(?:[.+-].*)?")


@dataclass(frozen=True)
class Change:
    """One difference. `place` is such as columns/phone/classification; `before` and `after` are the contracts' own words.

    `why` says what follows for the view, `remedy` what else to do than to declare or accept it. A breaking change passes
    when the contract's version is raised in its part `declared_by`.
    """

    place: str
    kind: str
    severity: str
    before: str | None
    after: str | None
    why: str
    remedy: str = ""
    declared_by: str = MAJOR

    @property
    def digest(self) -> str:
        """Names this very change, so that an acceptance holds for it and for no other."""
        words = "\x1f".join((self.place, self.kind, repr(self.before), repr(self.after)))
        return hashlib.sha256(words.encode()).hexdigest()[:16]

    @property
    def sentence(self) -> str:
        """For people: place, what it was and is, and why that matters; long or personal-looking text is only described."""
        told = f"{self.place}: {_told(self.before)} -> {_told(self.after)} ({self.severity}): {self.why}."
        return f"{told} {self.remedy}." if self.remedy else told


def breaking(changes: Iterable[Change]) -> tuple[Change, ...]:
    return tuple(change for change in changes if change.severity == BREAKING)


def declared(change: Change, before: str, after: str) -> bool:
    """Whether the step from version `before` to `after` says that the change is meant. Versions are semantic ones."""
    old, new = _numbers(before), _numbers(after)
    if old is None or new is None:
        return False
    return new[0] > old[0] or (change.declared_by == MINOR and new > old)


def _numbers(version: str) -> tuple[int, int] | None:
    found = _VERSION.fullmatch(version.strip())
    return (int(found[1]), int(found[2] or 0)) if found else None


def _told(value: str | None) -> str:
    if value is None:
        return "none"
    first, _, rest = value.partition(", ")
    if not rest or len(value) <= _SHORT:
        return shown(value)
    listed = rest.split(", ")
    while listed and len(first) + len(listed[0]) < _SHORT:
        first += f", {listed.pop(0)}"
    return f"{shown(first)} and {len(listed)} more" if listed else shown(first)
