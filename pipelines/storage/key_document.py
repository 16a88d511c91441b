"""The document that holds the keys of a home: a secret per period, and one that does not change for keyed tokens.

JSON. Form 2: {"home_id", "form": 2, "identity": {"secret", "kept"}, "periods": {"1": {"secret", "since"}}}; form 1, until November
2026: {"home_id", "master"}, which reads as period 1. What else stands in it, such as logins of sources, is kept as it is.
"""

from __future__ import annotations

import base64
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Any

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

SECRET_BYTES = 32
_KEPT = ("token", "print", *(f"erasure-pepper/{number}" for number in range(1, 10)))
"""What of a form 1 document stands in state and must not change when its only secret goes."""
_OURS = ("home_id", "form", "master", "identity", "periods")


def derived(secret: bytes, purpose: str) -> bytes:
    """32 bytes for one purpose (HKDF-SHA256, RFC 5869); different purposes never share a key."""
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=f"ucv/{purpose}".encode()).derive(secret)


def print_of(secret: bytes) -> str:
    """64 bits (hex) by which a secret is known again; of no use for opening anything."""
    return derived(secret, "period-print").hex()[:16]


@dataclass(frozen=True)
class Identity:
    """What keyed tokens are made with: they stand in state for people and records, and outlive every period."""

    secret: bytes = field(repr=False)
    kept: Mapping[str, bytes] = field(default_factory=dict, repr=False)

    def derive(self, purpose: str) -> bytes:
        """32 bytes for one purpose, the same in every period."""
        return self.kept.get(purpose) or derived(self.secret, purpose)


@dataclass(frozen=True)
class Period:
    """The secret from which everything that is written in one period is encrypted, and since when (ISO 8601, UTC; "" unknown)."""

    secret: bytes = field(repr=False)
    since: str = ""


@dataclass(frozen=True)
class KeyDocument:
    """All keys of one home. `rest` is what others keep in the same file."""

    home_id: str
    identity: Identity
    periods: Mapping[int, Period]
    rest: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}), repr=False)

    def to_json(self) -> str:
        """The document in form 2."""
        kept = {name: _text(key) for name, key in self.identity.kept.items()}
        stored = {
            "home_id": self.home_id,
            "form": 2,
            "identity": {"secret": _text(self.identity.secret), "kept": kept},
            "periods": {
                str(number): {"secret": _text(one.secret), "since": one.since}
                for number, one in self.periods.items()
            },
            **self.rest,
        }
        return json.dumps(stored, indent=1) + "\n"

    def with_new_period(self) -> KeyDocument:
        """The same with one more period, whose secret is new."""
        number = max(self.periods) + 1
        return replace(self, periods={**self.periods, number: _new_period()})

    def without(self, number: int) -> KeyDocument:
        """The same without a period: what it alone opens, nobody opens any more."""
        return replace(self, periods={n: one for n, one in self.periods.items() if n != number})


def new_document(home_id: str) -> KeyDocument:
    """Fresh secrets for a new home."""
    return KeyDocument(home_id, Identity(secrets.token_bytes(SECRET_BYTES)), {1: _new_period()})


def parse_document(text: str) -> KeyDocument:
    """The inverse of `to_json`, for either form; ValueError, KeyError, TypeError or AttributeError for anything else."""
    stored = json.loads(text)
    rest = {name: value for name, value in stored.items() if name not in _OURS}
    home_id = stored["home_id"]
    if not isinstance(home_id, str):
        raise TypeError
    if "periods" not in stored:
        master = _bytes(stored["master"])
        # Tokens of form 1 came from the master itself; kept apart, so that the period may go one day.
        kept = {purpose: derived(master, purpose) for purpose in _KEPT}
        return KeyDocument(home_id, Identity(_later(master), kept), {1: Period(master)}, rest)
    told = stored["identity"]
    identity = Identity(_bytes(told["secret"]), {name: _bytes(key) for name, key in told["kept"].items()})
    periods = {
        int(number): Period(_bytes(one["secret"]), str(one["since"]))
        for number, one in stored["periods"].items()
    }
    if not periods:
        raise ValueError("no period")
    return KeyDocument(home_id, identity, dict(sorted(periods.items())), rest)


def _later(master: bytes) -> bytes:
    """A form 1 document is read anew each time until its first rotation, so this must not be random."""
    return derived(master, "identity")


def _new_period() -> Period:
    return Period(secrets.token_bytes(SECRET_BYTES), datetime.now(UTC).isoformat(timespec="seconds"))


def _text(key: bytes) -> str:
    return base64.b64encode(key).decode()


def _bytes(text: str) -> bytes:
    key = base64.b64decode(text, validate=True)
    if len(key) != SECRET_BYTES:
        raise ValueError("a key has 32 bytes")
    return key
