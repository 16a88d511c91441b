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
from collections.abc import Callable, Mapping
from typing import Any

import duckdb
import pyarrow as pa
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

Card = dict[str, list[dict[str, Any]]]
"""Table -> its rows about one customer, masked."""

_NONCE_BYTES = 12
_BATCH = 5_000
_AT_ONCE = 20_000
"""Customers whose cards are made at a time: a list of rows per customer is held in memory whole, 4 GB for 200,000."""


def fill_service(
    conn: duckdb.DuckDBPyConnection,
    target: str,
    selects: Mapping[str, str],
    known_by: str,
    at_once: int = _AT_ONCE,
) -> int:
    """Write `cards` and `lookups` into the database `target`; returns the number of cards.

    `selects`: table -> SQL of its rows, `customer_id` among them; `known_by`: SQL of (customer_id, value) by which
    somebody is found: number, mailbox, name, member number. Cards are made of about `at_once` customers at a time.
    """
    secret = secrets.token_bytes(32)
    conn.execute(f"CREATE TABLE {target}.main.secret AS SELECT ?::BLOB AS secret", [secret])
    _begin(conn, "new_cards", ("card", "sealed"))
    _begin(conn, "new_lookups", ("lookup", "sealed"))
    parts = 1 + _most_customers(conn, selects) // at_once
    count = 0
    for part in range(parts):
        mine = f"WHERE customer_id IS NOT NULL AND hash(customer_id) % {parts} = {part}"
        conn.execute(f"CREATE TABLE memory.main.service_cards AS {_cards_sql(selects, mine)}")
        count += _append(
            conn, "new_cards", ("card", "sealed"), "FROM memory.main.service_cards",
            lambda row: (_hash(secret, "card", row[0]), _seal(secret, row[0], row[1])),
        )  # fmt: skip
        _append(
            conn, "new_lookups", ("lookup", "sealed"), _known_sql(known_by, mine),
            lambda row: (_hash(secret, "lookup", _plain(row[0])), _locked(secret, _plain(row[0]), row[1])),
        )  # fmt: skip
        conn.execute("DROP TABLE memory.main.service_cards")
    for name in ("cards", "lookups"):  # in an order that tells nothing
        conn.execute(f"CREATE TABLE {target}.main.{name} AS FROM new_{name} ORDER BY ALL")
        conn.execute(f"DROP TABLE new_{name}")
    return count


def _most_customers(conn: duckdb.DuckDBPyConnection, selects: Mapping[str, str]) -> int:
    """Customers of the table that has the most, about."""
    row = conn.execute(
        "SELECT coalesce(max(customers), 0) FROM ("
        + " UNION ALL ".join(
            f"SELECT approx_count_distinct(customer_id) AS customers FROM ({sql})" for sql in selects.values()
        )
        + ")"
    ).fetchone()
    return int(row[0]) if row else 0


def _cards_sql(selects: Mapping[str, str], mine: str) -> str:
    """(customer_id, text of the card) of the customers that `mine` chooses."""
    parts = " UNION ALL ".join(
        f"SELECT customer_id, {place} AS place, '\"{table}\":' || to_json(list(one)) AS part FROM ({sql}) AS one {mine} "
        "GROUP BY customer_id"
        for place, (table, sql) in enumerate(selects.items())
    )
    return f"SELECT customer_id, '{{' || string_agg(part, ',' ORDER BY place) || '}}' FROM ({parts}) GROUP BY customer_id"


def _known_sql(known_by: str, mine: str) -> str:
    """(id, number, mailbox, name; customer_id) of whoever has a card."""
    return (
        "SELECT DISTINCT value, customer_id FROM (SELECT customer_id, customer_id AS value FROM memory.main.service_cards "
        f"UNION ALL FROM ({known_by}) {mine}) SEMI JOIN memory.main.service_cards USING (customer_id) WHERE trim(value) <> ''"
    )


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


def _begin(conn: duckdb.DuckDBPyConnection, table: str, columns: tuple[str, str]) -> None:
    conn.execute(f"CREATE OR REPLACE TEMP TABLE {table} ({columns[0]} VARCHAR, {columns[1]} BLOB)")


def _append(
    conn: duckdb.DuckDBPyConnection,
    table: str,
    columns: tuple[str, str],
    sql: str,
    sealed: Callable[[tuple[str, str]], tuple[str, bytes]],
) -> int:
    """Add what `sealed` makes of each row, batch by batch, so that memory stays small; returns the number of rows."""
    reader = conn.cursor()
    reader.execute(sql)
    count = 0
    while batch := reader.fetchmany(_BATCH):
        rows = [sealed((str(row[0]), str(row[1]))) for row in batch]
        columns_of = [
            pa.array([row[0] for row in rows], pa.string()),
            pa.array([row[1] for row in rows], pa.binary()),
        ]
        conn.register("service_batch", pa.table(dict(zip(columns, columns_of, strict=True))))
        conn.execute(f"INSERT INTO {table} FROM service_batch")
        conn.unregister("service_batch")
        count += len(rows)
    reader.close()
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
