"""The two sides of a pair, value by value, with what differs marked; and who stands around them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

import duckdb

from pipelines.command.judging import SIDE_BY_SIDE

Piece = tuple[str, bool]
"""A stretch of a value, and whether the other side lacks it."""


@dataclass(frozen=True)
class Side:
    """One profile: what its records say, whose it is today, and the records themselves."""

    profile_no: int
    customer_id: str
    records: tuple[str, ...]
    values: tuple[tuple[str, ...], ...]
    """One tuple per column of SIDE_BY_SIDE; empty where nothing is known."""


@dataclass(frozen=True)
class Line:
    """One field of both sides. `state`: same, differs, or one (only one side knows it)."""

    field: str
    state: str
    one: tuple[tuple[Piece, ...], ...]
    other: tuple[tuple[Piece, ...], ...]


@dataclass(frozen=True)
class Person:
    """A household's member: `customer_id`, the golden name and year of birth."""

    customer_id: str
    name: str
    born: str


def read_sides(conn: duckdb.DuckDBPyConnection, profiles: Sequence[int]) -> dict[int, Side]:
    """Profile -> its side; a profile that the version does not have is left out."""
    columns = ", ".join(
        f"coalesce(p.{name}, [])" if name in ("phones", "emails") else f"[p.{name}::VARCHAR]"
        for name in SIDE_BY_SIDE
    )
    rows = conn.execute(
        "SELECT p.profile_no, any_value(x.customer_id), list(r.record_id ORDER BY r.record_id), "
        f"any_value([{columns}]) FROM warehouse.identity.identity_profiles AS p "
        "JOIN warehouse.identity.identity_records AS r ON r.profile_no = p.profile_no "
        "LEFT JOIN warehouse.golden.customer_xref AS x ON x.record_id = r.record_id "
        "WHERE p.profile_no IN (SELECT unnest(?::BIGINT[])) GROUP BY p.profile_no",
        [list(profiles)],
    ).fetchall()
    return {
        int(no): Side(
            int(no), str(customer or ""), tuple(records),
            tuple(tuple(str(v) for v in cell if v not in (None, "")) for cell in cells),
        )
        for no, customer, records, cells in rows
    }  # fmt: skip


def compare(one: Side, other: Side) -> list[Line]:
    """The fields that either side knows."""
    lines = []
    for field, a, b in zip(SIDE_BY_SIDE, one.values, other.values, strict=True):
        if a or b:
            state = "one" if not (a and b) else "same" if set(a) == set(b) else "differs"
            lines.append(Line(field, state, _marked(a, b), _marked(b, a)))
    return lines


def _marked(own: tuple[str, ...], against: tuple[str, ...]) -> tuple[tuple[Piece, ...], ...]:
    """Each value in pieces. A value that the other side has too, or has nothing to hold against, is one unmarked piece."""
    found: list[tuple[Piece, ...]] = []
    for value in own:
        if value in against or not against:
            found.append(((value, False),))
            continue
        nearest = max(against, key=lambda each: SequenceMatcher(None, value, each, autojunk=False).ratio())
        matcher = SequenceMatcher(None, value, nearest, autojunk=False)
        found.append(
            tuple((value[i:j], kind != "equal") for kind, i, j, _, _ in matcher.get_opcodes() if j > i)
        )
    return tuple(found)


def read_clusters(conn: duckdb.DuckDBPyConnection, customers: Sequence[str]) -> dict[str, list[int]]:
    """Customer -> its profiles."""
    rows = conn.execute(
        "SELECT x.customer_id, list(DISTINCT r.profile_no ORDER BY r.profile_no) FROM warehouse.golden.customer_xref AS x "
        "JOIN warehouse.identity.identity_records AS r USING (record_id) "
        "WHERE x.customer_id IN (SELECT unnest(?::VARCHAR[])) GROUP BY x.customer_id",
        [list(customers)],
    ).fetchall()
    return {str(customer): [int(one) for one in profiles] for customer, profiles in rows}


def read_households(conn: duckdb.DuckDBPyConnection, customers: Sequence[str]) -> dict[str, list[Person]]:
    """Customer -> everybody of its household, itself among them; without one it is left out."""
    rows = conn.execute(
        "WITH homes AS (SELECT household_id, unnest(customer_ids) AS customer_id FROM warehouse.marts.household_summary), "
        "asked AS (SELECT * FROM homes WHERE customer_id IN (SELECT unnest(?::VARCHAR[]))) "
        "SELECT asked.customer_id, c.customer_id, c.display_name, year(c.birth_date) FROM asked JOIN homes USING (household_id) "
        "JOIN warehouse.golden.customers AS c ON c.customer_id = homes.customer_id ORDER BY ALL",
        [list(customers)],
    ).fetchall()
    found: dict[str, list[Person]] = {}
    for customer, member, name, born in rows:
        found.setdefault(str(customer), []).append(Person(str(member), str(name or ""), str(born or "")))
    return found
