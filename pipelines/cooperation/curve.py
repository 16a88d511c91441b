"""Blinding of values by Diffie-Hellman on Curve25519: a value becomes a point, and each house multiplies it by its own secret.

Two houses that multiply in whatever order arrive at the same point, so that equal values are seen and no others. A value is hashed
until it names a point of the curve itself; one of the twist beside it would tell one bit of every value.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey

_PRIME = 2**255 - 19
_A = 486662
POINT_BYTES = 32


class PointError(ValueError):
    """What a partner sent is no point: nothing of it is taken."""


def point_of(value: str, session: bytes) -> bytes:
    """The point of a value in one session; other sessions have other points, so that files of two cannot be laid side by side."""
    for turn in range(256):
        seed = hashlib.sha256(b"ucv-overlap/" + session + bytes([turn]) + value.encode()).digest()
        number = int.from_bytes(seed, "little") & (2**255 - 1)
        if number < _PRIME and _is_on_curve(number):
            return number.to_bytes(POINT_BYTES, "little")
    raise PointError("No point was found in 256 turns, which does not happen.")


def blind(points: Iterable[bytes], secret: X25519PrivateKey) -> list[bytes]:
    """Each point times the secret. Raises PointError for bytes that are no point, or one of small order.

    A point of the twist does no harm: the curve is made so that multiplying one tells nothing of the secret.
    """
    return [_times(point, secret) for point in points]


def _times(point: bytes, secret: X25519PrivateKey) -> bytes:
    if len(point) != POINT_BYTES:
        raise PointError("A partner's file holds something that is no point of the curve; ask for it again.")
    try:
        return secret.exchange(X25519PublicKey.from_public_bytes(point))
    except ValueError as error:
        raise PointError("A partner's file holds a point of small order; ask for it again.") from error


def _is_on_curve(u: int) -> bool:
    """Whether u^3 + A u^2 + u is a square, by Jacobi's symbol."""
    return _jacobi(u * (u * (u + _A) + 1) % _PRIME) == 1


def _jacobi(top: int, bottom: int = _PRIME) -> int:
    sign = 1
    while top:
        twos = (top & -top).bit_length() - 1
        top >>= twos
        if twos & 1 and bottom & 7 in (3, 5):
            sign = -sign
        if top & bottom & 3 == 3:
            sign = -sign
        top, bottom = bottom % top, top
    return sign if bottom == 1 else 0
