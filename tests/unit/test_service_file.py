"""Cards of customers are made a few at a time and say the same, whoever is made beside whom."""

from __future__ import annotations

import json

import duckdb
import pytest

from pipelines.privacy import service_file
from pipelines.privacy.service_file import Card, fill_service, read_cards

PEOPLE = [f"c{number}" for number in range(50)]
SELECTS = {
    "customers": "SELECT customer_id, name FROM people",
    "orders": "SELECT customer_id, amount FROM bought",
}


def filled(at_once: int) -> tuple[duckdb.DuckDBPyConnection, int]:
    """A file of fifty people with number and orders, attached as `role`, and the cards counted."""
    conn = duckdb.connect()
    conn.execute("ATTACH ':memory:' AS role")
    conn.execute(
        "CREATE TABLE people AS SELECT 'c' || no AS customer_id, '姓' || no AS name FROM range(50) AS r(no)"
    )
    conn.execute(
        "CREATE TABLE bought AS SELECT 'c' || no % 25 AS customer_id, no AS amount FROM range(75) AS r(no)"
    )
    contacts = "SELECT customer_id, '+86138' || substr(customer_id, 2) AS value FROM people"
    return conn, fill_service(conn, "role", SELECTS, contacts, at_once)


def card(conn: duckdb.DuckDBPyConnection, asked: str) -> Card:
    (found,) = read_cards(conn, asked)
    return {table: sorted(rows, key=json.dumps) for table, rows in found.items()}


def test_cards_made_a_few_at_a_time_say_what_cards_made_at_once_say() -> None:
    few, count = filled(7)
    together, all_of_them = filled(1000)
    assert count == all_of_them == len(PEOPLE)
    for customer in PEOPLE:
        assert card(few, customer) == card(together, customer)
        assert card(few, f"+86138{customer[1:]}") == card(few, customer)
    assert card(few, "c3")["orders"] == [{"customer_id": "c3", "amount": no} for no in (28, 3, 53)]
    assert read_cards(few, "c50") == []


def test_no_more_customers_than_told_are_held_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    batches: list[int] = []
    append = service_file._append

    def counted(*given: object) -> int:
        count = append(*given)  # type: ignore[arg-type]
        if given[1] == "new_cards":
            batches.append(count)
        return count

    monkeypatch.setattr(service_file, "_append", counted)
    filled(7)
    assert sum(batches) == len(PEOPLE)
    assert max(batches) <= 2 * 7


def test_a_card_of_an_older_version_is_read_as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(service_file, "_packed", str.encode)
    conn, _ = filled(1000)
    monkeypatch.undo()
    assert card(conn, "c30") == {"customers": [{"customer_id": "c30", "name": "姓30"}]}
