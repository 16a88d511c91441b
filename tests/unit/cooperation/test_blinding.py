"""Two houses see how many values they share, and from what passes between them neither sees a value."""

from __future__ import annotations

import hashlib

import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.cooperation import curve
from pipelines.cooperation.curve import PointError, blind, point_of

OURS, THEIRS = (X25519PrivateKey.from_private_bytes(bytes([n]) * 32) for n in (1, 2))
VALUES = st.sets(st.text(max_size=8), max_size=12)


@settings(max_examples=25)
@given(VALUES, VALUES)
def test_what_is_counted_is_what_both_have(mine: set[str], other: set[str]) -> None:
    ours = blind([point_of(value, b"s") for value in mine], OURS)
    theirs = blind([point_of(value, b"s") for value in other], THEIRS)
    assert len(set(blind(ours, THEIRS)) & set(blind(theirs, OURS))) == len(mine & other)
    assert not set(ours) & set(theirs)


def test_a_value_is_a_point_of_the_curve_and_of_its_session_alone() -> None:
    points = [point_of(f"a{turn}@x.example", b"one") for turn in range(200)]
    for point in points:
        u = int.from_bytes(point, "little")
        right = u * (u * u + 486662 * u + 1) % curve._PRIME
        assert pow(right, (curve._PRIME - 1) // 2, curve._PRIME) == 1  # by Euler, not by the way under test
    assert not set(points) & {point_of(f"a{turn}@x.example", b"two") for turn in range(200)}
    assert hashlib.sha256(b"a0@x.example").digest() not in points


@pytest.mark.parametrize("point", [b"", b"short", b"\0" * 32, b"\1" + b"\0" * 31])
def test_what_is_no_point_is_not_multiplied(point: bytes) -> None:
    with pytest.raises(PointError):
        blind([point], OURS)
