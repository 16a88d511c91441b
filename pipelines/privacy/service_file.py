"""The service file: one customer at a time. Each customer is a sealed card; who asks has to know whom for.

A card opens with a key made of the file's own secret and the customer's id; ids are found by a keyed hash of an id, number, mailbox,
name or member number, so that whoever holds the file and its key can open the card of somebody they know of, and cannot list anybody.
"""

from __future__ import annotations

import hashlib
import json
import os
import secrets
import zlib
from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby, islice
from operator import itemgetter
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
    conn: duckdb.DuckDBPyConnection, target: str, selects: Mapping[str, str], known_by: str
) -> int:
    """Write `cards` and `lookups` into the database `target`; returns the number of cards.

    `selects`: table -> SQL of its rows, `customer_id` among them; `known_by`: SQL of (customer_id, value) by which
    somebody is found: number, mailbox, name, member number.
    """
    secret = secrets.token_bytes(32)
    conn.execute(f"CREATE TABLE {target}.main.secret AS SELECT ?::BLOB AS secret", [secret])
    rows = " UNION ALL ".join(
        f"SELECT customer_id, {place} AS place, to_json(one)::VARCHAR AS part FROM ({sql}) AS one WHERE customer_id IS NOT NULL"
        for place, sql in enumerate(selects.values())
    )
    # Sorted and read customer by customer: a list of rows for each customer would be held in memory whole.
    conn.execute(f"CREATE TABLE memory.main.service_rows AS FROM ({rows}) ORDER BY customer_id, place")
    count = _write(
        conn, f"{target}.main.cards", ("card", "sealed"),
        ((_hash(secret, "card", one), _seal(secret, one, text)) for one, text in _cards(conn, tuple(selects))),
    )  # fmt: skip
    known = (
        "SELECT DISTINCT value, customer_id FROM (SELECT customer_id, customer_id AS value FROM memory.main.service_rows "
        f"UNION ALL FROM ({known_by})) SEMI JOIN memory.main.service_rows USING (customer_id) WHERE trim(value) <> ''"
    )
    _write(
        conn, f"{target}.main.lookups", ("lookup", "sealed"),
        ((_hash(secret, "lookup", _plain(value)), _locked(secret, _plain(value), one)) for value, one in _read(conn, known)),
    )  # fmt: skip
    conn.execute("DROP TABLE memory.main.service_rows")
    return count


def _cards(conn: duckdb.DuckDBPyConnection, tables: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    """Each customer once, with the text of the card: table -> list of rows."""
    for customer, rows in groupby(_read(conn, "FROM memory.main.service_rows"), key=itemgetter(0)):
        parts = (
            f'"{tables[place]}":[{",".join(row[2] for row in its_rows)}]'
            for place, its_rows in groupby(rows, key=itemgetter(1))
        )
        yield customer, f"{{{','.join(parts)}}}"


def _read(conn: duckdb.DuckDBPyConnection, sql: str) -> Iterator[tuple[Any, ...]]:
    """Rows batch by batch, on a cursor of their own."""
    with conn.cursor() as reader:
        reader.execute(sql)
        while batch := reader.fetchmany(_BATCH):
            yield from batch


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
            found.append(json.loads(_unpacked(_open(_key(secret, f"card/{one}"), bytes(card[0])))))
    return found


def _packed(text: str) -> bytes:
    return zlib.compress(text.encode(), level=1)


def _unpacked(card: bytes) -> bytes:
    """A card's text, which older versions hold as it is."""
    return card if card.startswith(b"{") else zlib.decompress(card)


def _write(
    conn: duckdb.DuckDBPyConnection,
    table: str,
    columns: tuple[str, str],
    rows: Iterable[tuple[str, bytes]],
) -> int:
    """A table of a text and bytes, in an order that tells nothing; returns the number of rows."""
    conn.execute(f"CREATE TEMP TABLE service_batches ({columns[0]} VARCHAR, {columns[1]} BLOB)")
    count, rest = 0, iter(rows)
    while batch := list(islice(rest, _BATCH)):
        texts, sealed = zip(*batch, strict=True)
        batches = {columns[0]: pa.array(texts, pa.string()), columns[1]: pa.array(sealed, pa.binary())}
        conn.register("service_batch", pa.table(batches))
        conn.execute("INSERT INTO service_batches FROM service_batch")
        conn.unregister("service_batch")
        count += len(batch)
    conn.execute(f"CREATE TABLE {table} AS FROM service_batches ORDER BY ALL")
    conn.execute("DROP TABLE service_batches")
    return count


def _plain(value: str) -> str:
    """As it is looked for: without blanks, in small letters."""
    return "".join(value.split()).lower()


def _seal(secret: bytes, customer: str, text: str) -> bytes:
    return _encrypted(_key(secret, f"card/{customer}"), _packed(text))


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
