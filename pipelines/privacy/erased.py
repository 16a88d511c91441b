"""Telling whether a row is about an erased person, merely resembles one, or neither, from tombstones alone."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from typing import Any

from pipelines.contracts.model import Contract
from pipelines.privacy.claims import atoms, likeness_claims, naming_claims
from pipelines.privacy.signs import Signs, signs_of, signs_of_pieces
from pipelines.privacy.tombstones import Tombstone
from pipelines.storage.keys import Keys

ERASED, RESEMBLES = "erased", "resembles"
_SUPPRESSION = "suppression"

Token = Callable[[str], str]


class ErasedPeople:
    """The people whom tombstones stand for. With none of them it answers nothing and costs nothing (`is_idle`)."""

    def __init__(self, tombstones: Iterable[Tombstone], keys: Keys) -> None:
        self._by_pepper: dict[int, _Answers] = {}
        for tombstone in tombstones:
            if tombstone.pepper not in self._by_pepper:
                self._by_pepper[tombstone.pepper] = _Answers(keys.peppered(tombstone.pepper))
            self._by_pepper[tombstone.pepper].add(tombstone)

    @property
    def is_idle(self) -> bool:
        """Whether nobody was erased."""
        return not self._by_pepper

    def has_record(self, source: str, record: str) -> bool:
        """Whether the record with this key was one of an erased person."""
        return any(one.has_record(source, record) for one in self._by_pepper.values())

    def verdict(self, contract: Contract, record: str | None, values: Mapping[str, Any]) -> str | None:
        """Of a row with its key and canonical values: ERASED, RESEMBLES or None. An opt-out only ever takes something from
        use, so that one which resembles is let pass."""
        if record is not None and self.has_record(contract.id, record):
            return ERASED
        own = {record_claim(contract.id, record)} if record is not None else set()
        return self._judge(signs_of(values, contract), own, is_held=contract.kind != _SUPPRESSION)

    def verdict_of_line(self, contract: Contract, text: str) -> str | None:
        """Of a line that no reader could take apart: ERASED or None; it is in quarantine in any case."""
        return self._judge(signs_of_pieces(text, contract), set(), is_held=False)

    def _judge(self, signs: Signs, own: set[str], *, is_held: bool) -> str | None:
        single = atoms(signs)
        if not any(one.may_know(single) for one in self._by_pepper.values()):
            return None
        naming = naming_claims(signs)
        if any(one.names(naming) for one in self._by_pepper.values()):
            return ERASED
        if is_held and any(one.resembles(signs, naming | own) for one in self._by_pepper.values()):
            return RESEMBLES
        return None


class _Answers:
    """The tombstones of one pepper."""

    def __init__(self, token: Token) -> None:
        self._token = token
        self._atom = lru_cache(maxsize=1 << 18)(token)
        self._atoms: set[str] = set()
        self._records: set[str] = set()
        self._naming: set[str] = set()
        self._cleared: set[str] = set()
        self._likeness: dict[str, list[Tombstone]] = defaultdict(list)

    def add(self, tombstone: Tombstone) -> None:
        self._records.update(tombstone.records)
        self._atoms.update(tombstone.atoms)
        self._naming.update(tombstone.naming)
        self._cleared.update(tombstone.cleared)
        for claim in tombstone.likeness:
            self._likeness[claim].append(tombstone)

    def has_record(self, source: str, record: str) -> bool:
        return self._token(record_claim(source, record)) in self._records

    def may_know(self, single: Iterable[str]) -> bool:
        """Whether a row with these signs can concern anybody: quick, since most rows cannot."""
        return any(self._atom(f"atom:{one}") in self._atoms for one in single)

    def names(self, claims: Iterable[str]) -> bool:
        return any(self._token(claim) in self._naming for claim in claims)

    def resembles(self, signs: Signs, naming: Iterable[str]) -> bool:
        alike = [
            one for claim in likeness_claims(signs) for one in self._likeness.get(self._token(claim), ())
        ]
        if not alike or any(self._token(claim) in self._cleared for claim in naming):
            return False
        births = {self._token(f"birth:{birth}") for birth in signs.births}
        ids = {self._token(one) for one in signs.ids if one.startswith("national_id:")}
        return any(not (_differ(births, one.births) or _differ(ids, one.national_ids)) for one in alike)


def _differ(told: set[str], known: Iterable[str]) -> bool:
    """Whether both sides know it, and not the same."""
    return bool(told) and bool(set(known)) and told.isdisjoint(known)


def record_claim(source: str, record: str) -> str:
    """What stands for a record of a source."""
    return f"record:{source}:{record}"
