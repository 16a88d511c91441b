"""Each card holds the rows of its customer and of nobody else, however many rows there are."""

from __future__ import annotations

import json
from pathlib import Path

import duckdb
import pytest

from pipelines.privacy import service_file
from pipelines.privacy.service_file import Card, fill_service, read_cards

PEOPLE = [f"c{number}" for number in range(50)]
SELECTS = {
    "customers": "SELECT customer_id, name FROM people",
    "orders": "SELECT customer_id, amount FROM bought",
}


def filled(conn: duckdb.DuckDBPyConnection, orders: int = 75) -> int:
    """A file of fifty people with a number each, attached as `role`; half of them have orders. Returns the cards counted."""
    conn.execute("ATTACH ':memory:' AS role")
    conn.execute(
        "CREATE TABLE people AS SELECT 'c' || no AS customer_id, '姓' || no AS name FROM range(50) AS r(no)"
    )
    conn.execute(
        f"CREATE TABLE bought AS SELECT 'c' || no % 25 AS customer_id, no AS amount FROM range({orders}) AS r(no) "
        "UNION ALL SELECT NULL, 7"
    )
    contacts = "SELECT customer_id, '+86138' || substr(customer_id, 2) AS value FROM people UNION ALL SELECT 'c77', '+86139'"
    return fill_service(conn, "role", SELECTS, contacts)


def card(conn: duckdb.DuckDBPyConnection, asked: str) -> Card:
    (found,) = read_cards(conn, asked)
    return {table: sorted(rows, key=json.dumps) for table, rows in found.items()}


def test_a_card_holds_the_rows_of_its_customer_and_of_nobody_else() -> None:
    conn = duckdb.connect()
    assert filled(conn) == len(PEOPLE)
    for number, customer in enumerate(PEOPLE):
        expected: Card = {"customers": [{"customer_id": customer, "name": f"姓{number}"}]}
        if number < 25:
            orders = [{"customer_id": customer, "amount": number + more} for more in (0, 25, 50)]
            expected["orders"] = sorted(orders, key=json.dumps)
        assert card(conn, customer) == expected
        assert card(conn, f"+86138{number}") == expected
    assert read_cards(conn, "c50") == read_cards(conn, "+86139") == []


def test_cards_of_many_rows_are_made_within_little_memory(tmp_path: Path) -> None:
    limits: dict[str, str | bool | int | float | list[str]] = {
        "memory_limit": "100MB", "temp_directory": str(tmp_path), "threads": 2,
    }  # fmt: skip
    conn = duckdb.connect(config=limits)
    orders = 500_000  # as a list for each customer 170 MB are not enough
    assert filled(conn, orders) == len(PEOPLE)
    (found,) = read_cards(conn, "c24")
    assert len(found["orders"]) == orders / 25


def test_a_card_of_an_older_version_is_read_as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(service_file, "_packed", str.encode)
    conn = duckdb.connect()
    filled(conn)
    monkeypatch.undo()
    assert card(conn, "c30") == {"customers": [{"customer_id": "c30", "name": "姓30"}]}
