"""`ucv overlap`: how many customers a partner and we share, without either seeing the other's; and who gave how much so far.

Only values that a source of our own delivered take part, of nobody who refused that data are given to others, and of no child.
"""

from __future__ import annotations

import random
import secrets
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from pipelines.command.export_version import open_exportable
from pipelines.command.overlap_people import customers_with, traits_of
from pipelines.cooperation.curve import PointError, blind, point_of
from pipelines.cooperation.encodings import encode, matches
from pipelines.cooperation.ledger import add_to_ledger, read_ledger
from pipelines.cooperation.session import (
    ANSWER,
    BEGIN,
    ENCODED,
    CooperationError,
    Head,
    read_session,
    require_enough,
    write_session,
)
from pipelines.exports.ledger import ledger_lock
from pipelines.exports.receivers import find_receiver
from pipelines.settings import Settings
from pipelines.storage.keys import Keys

_MANY = 20_000
"""From so many points on a second process helps."""
_SECRET_BYTES = 16


def begin(settings: Settings, keys: Keys, partner: str, by: str) -> Path:
    """Write the file with which a session begins; send it to the partner."""
    find_receiver(settings.home, partner)
    session = f"{partner[:40]}-{secrets.token_hex(8)}"
    own = _own_points(settings, keys, by, session, BEGIN)
    path = _folder(settings) / f"{session}-{BEGIN}.txt"
    write_session(path, Head(BEGIN, session, by, len(own)), own)
    _note(settings, keys, partner, session, BEGIN, by, given=len(own))
    return path


def answer(settings: Settings, keys: Keys, partner: str, file: Path) -> Path:
    """Write the answer to a file with which a partner began, once a session: a second one would tell who, not how many.

    It holds their points blinded by us, in an order that tells nothing, and our own.
    """
    find_receiver(settings.home, partner)
    head, theirs = read_session(file, BEGIN)
    if any(line["session"] == head.session for line in read_ledger(settings.home, keys.tokeniser())):
        raise CooperationError(
            f"Session {head.session} was begun or answered here before; ask for a new one."
        )
    own = _own_points(settings, keys, head.by, head.session, ANSWER)
    returned = _blinded(theirs, _secret(keys, head.session, ANSWER))
    random.SystemRandom().shuffle(returned)
    path = _folder(settings) / f"{head.session}-{ANSWER}.txt"
    write_session(path, Head(ANSWER, head.session, head.by, len(own), len(returned)), [*returned, *own])
    _note(settings, keys, partner, head.session, ANSWER, head.by, given=len(own), taken=len(theirs))
    return path


def end(settings: Settings, keys: Keys, partner: str, file: Path) -> int:
    """How many values both have, from the answer to a session that we began."""
    head, points = read_session(file, ANSWER)
    begun = _begun(settings, keys, partner, head.session)
    if head.returned != begun["given"]:
        raise CooperationError(
            f"The answer returns {head.returned} of our {begun['given']} points; ask for it again."
        )
    ours, theirs = points[: head.returned], points[head.returned :]
    shared = len(set(ours) & set(_blinded(theirs, _secret(keys, head.session, BEGIN))))
    _note(
        settings,
        keys,
        partner,
        head.session,
        "end",
        head.by,
        given=len(ours),
        taken=len(theirs),
        shared=shared,
    )
    return shared


def encode_people(settings: Settings, keys: Keys, partner: str, secret_file: Path) -> Path:
    """Write encodings that likeness is seen in, for a partner who has the same secret."""
    find_receiver(settings.home, partner)
    filters = encode(_traits(settings, keys), _shared_secret(secret_file))
    require_enough(len(filters))
    session = f"{partner[:40]}-{secrets.token_hex(8)}"
    path = _folder(settings) / f"{session}-{ENCODED}.txt"
    write_session(path, Head(ENCODED, session, "likeness", len(filters)), [row.tobytes() for row in filters])
    _note(settings, keys, partner, session, ENCODED, "likeness", given=len(filters))
    return path


def match_encoded(settings: Settings, keys: Keys, partner: str, file: Path, secret_file: Path) -> int:
    """How many people of a partner's encodings are like ours."""
    import numpy as np  # noqa: PLC0415

    find_receiver(settings.home, partner)
    head, rows = read_session(file, ENCODED)
    theirs = np.frombuffer(b"".join(rows), dtype=np.uint64).reshape(len(rows), -1)
    shared = len(matches(encode(_traits(settings, keys), _shared_secret(secret_file)), theirs))
    _note(settings, keys, partner, head.session, "match", "likeness", taken=len(rows), shared=shared)
    return shared


def _own_points(settings: Settings, keys: Keys, by: str, session: str, role: str) -> list[bytes]:
    _, conn = open_exportable(settings, keys, settings.export_day())
    with conn:
        values = customers_with(conn, by, settings.export_day())
    require_enough(len(values))
    points = _spread(partial(_points, session=session.encode()), values)
    own = _blinded(points, _secret(keys, session, role))
    return sorted(own)  # an order that tells nothing


def _traits(settings: Settings, keys: Keys) -> list[Any]:
    _, conn = open_exportable(settings, keys, settings.export_day())
    with conn:
        return traits_of(conn, settings.export_day())


def _points(values: Sequence[str], session: bytes) -> list[bytes]:
    return [point_of(value, session) for value in values]


def _times(points: Sequence[bytes], secret: bytes) -> list[bytes]:
    return blind(points, X25519PrivateKey.from_private_bytes(secret))


def _blinded(points: Sequence[bytes], secret: bytes) -> list[bytes]:
    try:
        return _spread(partial(_times, secret=secret), points)
    except PointError as error:
        raise CooperationError(str(error)) from error


def _spread(work: Any, items: Sequence[Any]) -> list[bytes]:
    """The work on all items, in two processes where there are many."""
    if len(items) < _MANY:
        return list(work(items))
    middle = len(items) // 2
    with ProcessPoolExecutor(2) as pool:
        return [point for part in pool.map(work, (items[:middle], items[middle:])) for point in part]


def _secret(keys: Keys, session: str, role: str) -> bytes:
    """Ours in one session and role, made from the home's key: nothing of it is stored, and no other role knows it."""
    return keys.derive(f"overlap/{role}/{session}")


def _shared_secret(path: Path) -> bytes:
    try:
        secret = path.read_bytes().strip()
    except OSError as error:
        raise CooperationError(f"{path} cannot be read ({type(error).__name__}).") from error
    if len(secret) < _SECRET_BYTES:
        raise CooperationError(
            f"{path} holds {len(secret)} bytes; a secret of at least {_SECRET_BYTES} is expected."
        )
    return secret


def _begun(settings: Settings, keys: Keys, partner: str, session: str) -> dict[str, Any]:
    for line in read_ledger(settings.home, keys.tokeniser()):
        if (line["session"], line["step"], line["partner"]) == (session, BEGIN, partner):
            return line
    raise CooperationError(f"No session {session} with {partner} was begun here.")


def _note(  # noqa: PLR0913, PLR0917 - one line of the ledger
    settings: Settings, keys: Keys, partner: str, session: str, step: str, by: str,
    *, given: int = 0, taken: int = 0, shared: int | None = None,
) -> None:  # fmt: skip
    entry = {"partner": partner, "session": session, "step": step, "by": by, "day": settings.export_day().isoformat(),
             "given": given, "taken": taken, "shared": shared}  # fmt: skip
    with ledger_lock(settings.home):
        add_to_ledger(settings.home, entry, keys.tokeniser())


def _folder(settings: Settings) -> Path:
    return settings.home / "exports" / "overlap"
