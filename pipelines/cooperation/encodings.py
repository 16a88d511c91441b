"""Bloom-filter encodings of what a person is called and born: alike people have alike bits, and nobody without the secret reads them.

One filter of BITS for all fields of a person, so that no field can be counted by itself; each field sets as many bits as it weighs.
Both houses need the same secret, and whoever has it and a list of people can try them: use it once, with a partner under contract.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

BITS = 1024
LIKENESS = 0.70
"""Dice coefficient from which two encodings are one person; see `python -m benchmarks.cooperation`."""
_BITS_OF_GRAM = {"name": 16, "birth": 45, "contact": 14}
_WORDS = BITS // 64
_MOST_AT_ONCE = 40_000_000

Filters = npt.NDArray[np.uint64]
"""One row of 16 words per person."""


@dataclass(frozen=True)
class Traits:
    """What is compared: a name in Latin letters, the birth date as yyyymmdd, a number or mailbox; empty where unknown."""

    name: str
    birth: str
    contact: str


def encode(people: Sequence[Traits], secret: bytes) -> Filters:
    """The encodings, in the order of the people."""
    found = np.zeros((len(people), BITS), dtype=bool)
    known: dict[tuple[str, str], list[int]] = {}
    for turn, person in enumerate(people):
        for field, gram in _grams(person):
            places = known.get((field, gram))
            if places is None:
                places = known[field, gram] = _places(field, gram, secret)
            found[turn, places] = True
    return np.packbits(found, axis=1).view(np.uint64).reshape(len(people), _WORDS)


def matches(ours: Filters, theirs: Filters, likeness: float = LIKENESS) -> list[tuple[int, int]]:
    """Pairs of rows, each row at most once, the most alike first."""
    found: list[tuple[float, int, int]] = []
    our_bits, their_bits = _counted(ours), _counted(theirs)
    if not len(ours) or not len(theirs):
        return []
    step = max(1, _MOST_AT_ONCE // (len(theirs) * _WORDS))
    for start in range(0, len(ours), step):
        part = ours[start : start + step]
        shared = np.bitwise_count(part[:, None, :] & theirs[None, :, :]).sum(axis=2, dtype=np.int32)
        dice = 2 * shared / np.maximum(1, our_bits[start : start + step, None] + their_bits[None, :])
        for row, column in zip(*np.nonzero(dice >= likeness), strict=True):
            found.append((-float(dice[row, column]), start + int(row), int(column)))
    left, right, pairs = set[int](), set[int](), []
    for _, row, column in sorted(found):
        if row not in left and column not in right:
            left.add(row)
            right.add(column)
            pairs.append((row, column))
    return pairs


def _grams(person: Traits) -> Iterator[tuple[str, str]]:
    for word in person.name.lower().split():
        padded = f" {word} "
        yield from (("name", padded[place : place + 2]) for place in range(len(padded) - 1))
    if person.birth:
        yield from (
            ("birth", part)
            for part in (f"y{person.birth[:4]}", f"m{person.birth[4:6]}", f"d{person.birth[6:]}")
        )
    if person.contact:
        padded = f" {person.contact.lower()} "
        yield from (("contact", padded[place : place + 3]) for place in range(len(padded) - 2))


def _places(field: str, gram: str, secret: bytes) -> list[int]:
    digest = hmac.new(secret, f"{field}/{gram}".encode(), hashlib.sha512).digest()
    first, second = int.from_bytes(digest[:16]), int.from_bytes(digest[16:32]) | 1
    return [(first + turn * second) % BITS for turn in range(_BITS_OF_GRAM[field])]


def _counted(filters: Filters) -> npt.NDArray[np.int32]:
    counts: npt.NDArray[np.int32] = np.bitwise_count(filters).sum(axis=1, dtype=np.int32)
    return counts
