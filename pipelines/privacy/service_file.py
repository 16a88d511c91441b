"""The service file: one customer at a time. Each customer is a sealed card; who asks has to know whom for.

A card opens with a key made of the file's own secret and the customer's id; ids are found by a keyed hash of an id, number or
mailbox, so that whoever holds the file and its key can open the card of somebody they know of, and cannot list anybody.
"""

from __future__ import annotations

import hashlib
import json
import os
import secrets
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import duckdb
import pyarrow as pa
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

Card = dict[str, list[dict[str, Any]]]
"""Table -> its rows about one customer, masked."""

_NONCE_BYTES = 12
_BATCH = 5_000


def fill_service(
    conn: duckdb.DuckDBPyConnection,
    target: str,
    selects: Mapping[str, str],
    contacts: str,
) -> int:
    """Write `cards` and `lookups` into the database `target`; returns the number of cards.

    `selects`: table -> SQL of its rows, `customer_id` among them; `contacts`: SQL of (customer_id, number or mailbox).
    """
    secret = secrets.token_bytes(32)
    cards: dict[str, Card] = defaultdict(dict)
    for table, sql in selects.items():
        for row in _rows(conn, f"{sql} WHERE customer_id IS NOT NULL"):
            cards[str(row["customer_id"])].setdefault(table, []).append(row)
    conn.execute(f"CREATE TABLE {target}.main.secret AS SELECT ?::BLOB AS secret", [secret])
    sealed = [(_hash(secret, "card", one), _seal(secret, one, card)) for one, card in cards.items()]
    _write(conn, f"{target}.main.cards", ("card", "sealed"), sorted(sealed))
    known = {(one, one) for one in cards}
    known |= {(str(value), str(one)) for one, value in conn.execute(contacts).fetchall() if str(one) in cards}
    found = [
        (_hash(secret, "lookup", _plain(value)), _locked(secret, _plain(value), one)) for value, one in known
    ]
    _write(conn, f"{target}.main.lookups", ("lookup", "sealed"), sorted(found))
    return len(sealed)


def read_cards(conn: duckdb.DuckDBPyConnection, asked: str) -> list[Card]:
    """The cards of whoever has this id, number or mailbox, from the file attached as `role`; none where nobody does."""
    row = conn.execute("SELECT secret FROM role.main.secret").fetchone()
    assert row is not None
    secret, value = bytes(row[0]), _plain(asked)
    sealed = conn.execute(
        "SELECT sealed FROM role.main.lookups WHERE lookup = ?", [_hash(secret, "lookup", value)]
    ).fetchall()
    ids = sorted({_open(_key(secret, f"lookup/{value}"), bytes(one[0])).decode() for one in sealed})
    found = []
    for one in ids:
        card = conn.execute(
            "SELECT sealed FROM role.main.cards WHERE card = ?", [_hash(secret, "card", one)]
        ).fetchone()
        if card is not None:
            found.append(json.loads(_open(_key(secret, f"card/{one}"), bytes(card[0]))))
    return found


def _rows(conn: duckdb.DuckDBPyConnection, sql: str) -> Iterator[dict[str, Any]]:
    reader = conn.execute(sql)
    names = [str(column[0]) for column in reader.description or ()]
    while batch := reader.fetchmany(_BATCH):
        for row in batch:
            yield dict(zip(names, row, strict=True))


def _write(
    conn: duckdb.DuckDBPyConnection, table: str, columns: tuple[str, str], rows: Sequence[tuple[str, bytes]]
) -> None:
    arrow = pa.table(
        {
            columns[0]: pa.array([row[0] for row in rows], pa.string()),
            columns[1]: pa.array([row[1] for row in rows], pa.binary()),
        }
    )
    conn.register("service_rows", arrow)
    conn.execute(f"CREATE TABLE {table} AS FROM service_rows")
    conn.unregister("service_rows")


def _plain(value: str) -> str:
    return value.strip().lower()


def _seal(secret: bytes, customer: str, card: Card) -> bytes:
    text = json.dumps(card, ensure_ascii=False, default=str)
    return _encrypted(_key(secret, f"card/{customer}"), text.encode())


def _locked(secret: bytes, value: str, customer: str) -> bytes:
    return _encrypted(_key(secret, f"lookup/{value}"), customer.encode())


def _hash(secret: bytes, kind: str, text: str) -> str:
    return hashlib.blake2b(
        f"{kind}/{text}".encode(), key=secret, digest_size=16, person=b"ucv-service"
    ).hexdigest()


def _key(secret: bytes, text: str) -> bytes:
    return hashlib.blake2b(text.encode(), key=secret, digest_size=32, person=b"ucv-card-key").digest()


def _encrypted(key: bytes, plain: bytes) -> bytes:
    nonce = os.urandom(_NONCE_BYTES)
    return nonce + AESGCM(key).encrypt(nonce, plain, None)


def _open(key: bytes, sealed: bytes) -> bytes:
    try:
        return AESGCM(key).decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], None)
    except InvalidTag:
        return b"{}"
