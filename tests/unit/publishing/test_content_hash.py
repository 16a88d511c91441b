"""The content hash depends on what a table says, and on nothing else."""

from __future__ import annotations

import random
from datetime import date
from decimal import Decimal
from typing import Any

import duckdb
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from pipelines.publishing.content_hash import table_facts

TYPES = "text varchar, number bigint, amount decimal(18, 2), day date, part varchar[], other varchar"

ROW = st.tuples(
    st.none() | st.text(st.characters(blacklist_characters="\0", blacklist_categories=["Cs"]), max_size=4),
    st.none() | st.integers(-3, 3),
    st.none() | st.decimals(-9, 9, places=2),
    st.none() | st.dates(date(2026, 1, 1), date(2026, 1, 4)),
    st.none() | st.lists(st.none() | st.sampled_from(["", "a", "a, b", "NULL", "b", "'"]), max_size=2),
    st.none() | st.sampled_from(["", "-", "1:a", "NULL"]),
)
ROWS = st.lists(ROW, max_size=6)


def content_hash(rows: list[tuple[Any, ...]], types: str = TYPES, threads: int = 1) -> str:
    conn = duckdb.connect(config={"threads": threads})
    conn.execute(f"create table t ({types})")
    if rows:
        conn.executemany(f"insert into t values ({', '.join('?' * len(rows[0]))})", rows)
    return table_facts(conn, "memory", "main", "t").content_hash


def multiset(rows: list[tuple[Any, ...]]) -> list[str]:
    return sorted(repr(row) for row in rows)


@settings(max_examples=60, deadline=None)
@given(ROWS, st.randoms(use_true_random=False))
def test_row_order_does_not_matter(rows: list[tuple[Any, ...]], rng: random.Random) -> None:
    shuffled = rng.sample(rows, len(rows))
    assert content_hash(rows) == content_hash(shuffled)


@settings(max_examples=60, deadline=None)
@given(ROWS, ROWS)
def test_other_rows_give_another_hash(some: list[tuple[Any, ...]], others: list[tuple[Any, ...]]) -> None:
    assume(multiset(some) != multiset(others))
    assert content_hash(some) != content_hash(others)


@settings(max_examples=60, deadline=None)
@given(ROWS, ROW, st.data())
def test_one_changed_value_changes_the_hash(
    rows: list[tuple[Any, ...]], row: tuple[Any, ...], data: st.DataObject
) -> None:
    place = data.draw(st.integers(0, 5))
    other = data.draw(ROW)
    assume(repr(other[place]) != repr(row[place]))
    changed = (*row[:place], other[place], *row[place + 1 :])
    assert content_hash([*rows, row]) != content_hash([*rows, changed])


@settings(max_examples=30, deadline=None)
@given(ROWS, ROW)
def test_a_row_that_stands_twice_counts_twice(rows: list[tuple[Any, ...]], row: tuple[Any, ...]) -> None:
    hashes = {content_hash([*rows, *[row] * times]) for times in range(4)}
    assert len(hashes) == 4


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("null::varchar", "''"),
        ("null::varchar", "'NULL'"),
        ("null::varchar", "'-'"),
        ("1", "'1'"),
        ("1.10::decimal(9, 2)", "1.10::decimal(9, 3)"),
        ("9007199254740993.01::decimal(38, 2)", "9007199254740993.02::decimal(38, 2)"),
        ("date '2026-11-23'", "timestamp '2026-11-23'"),
        ("'é'", "'e\u0301'"),
        ("[null]::varchar[]", "['NULL']::varchar[]"),
        ("['a, b']", "['a', 'b']"),
        ("0.1::double", "(0.1 + 1e-17 * 2)::double"),
        ("timestamptz 'infinity'", "timestamptz '-infinity'"),
    ],
)
def test_what_looks_alike_is_told_apart(one: str, other: str) -> None:
    assert fact_of(one) != fact_of(other)


def fact_of(expression: str, before: str = "select 1") -> str:
    conn = duckdb.connect()
    conn.execute(before)
    conn.execute(f"create table t as select {expression} as value")
    return table_facts(conn, "memory", "main", "t").content_hash


def test_values_do_not_run_into_their_neighbours() -> None:
    types = "a varchar, b varchar"
    hashes = {
        content_hash([row], types) for row in [("x", "y1:z"), ("xy", "1:z"), ("x1:", "yz"), ("", "x1:yz")]
    }
    assert len(hashes) == 4
    assert content_hash([("x", None)], types) != content_hash([(None, "x")], types)


def test_values_swapped_between_rows_are_noticed() -> None:
    types = "a varchar, b varchar"
    assert content_hash([("1", "2"), ("3", "4")], types) != content_hash([("1", "4"), ("3", "2")], types)


def test_column_names_count() -> None:
    assert content_hash([("x",)], "a varchar") != content_hash([("x",)], "b varchar")
    assert content_hash([], "a varchar") != content_hash([], "b varchar")


def test_the_sessions_time_zone_does_not_count() -> None:
    moment = "timestamptz '2026-11-23 02:30:00+00'"
    assert fact_of(moment, "set TimeZone = 'Asia/Shanghai'") == fact_of(
        moment, "set TimeZone = 'America/Lima'"
    )


def test_threads_do_not_count_and_sums_do_not_overflow() -> None:
    hashes = set()
    for threads, order in ((1, "i"), (2, "-i"), (4, "hash(i)")):
        conn = duckdb.connect(config={"threads": threads})
        conn.execute(f"create table t as select i, i * 1.1 as x from range(300000) as r(i) order by {order}")
        hashes.add(table_facts(conn, "memory", "main", "t").content_hash)
    assert len(hashes) == 1


def test_rows_and_columns_are_told() -> None:
    conn = duckdb.connect()
    conn.execute('create table "odd ""name" ("Größe" decimal(9, 2), "select" integer)')
    conn.execute('insert into "odd ""name" values (?, 1)', [Decimal("1.10")])
    facts = table_facts(conn, "memory", "main", 'odd "name')
    assert facts.rows == 1
    assert facts.columns == (("Größe", "DECIMAL(9,2)"), ("select", "INTEGER"))
