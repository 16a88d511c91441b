"""Whoever is in too small a group is told more coarsely, and nobody else is."""

from __future__ import annotations

import random
from collections import Counter

import duckdb
import pytest

from pipelines.privacy.k_anonymity import ANY, generalise, hide_rare_pairs, rare_pairs

COLUMNS = ("sex", "town")
LADDER = [
    {"town": f"CASE WHEN town <> '{ANY}' THEN left(town, 1) ELSE town END"},
    {"town": f"'{ANY}'"},
    {"sex": f"'{ANY}'"},
]


def table(rows: list[tuple[str, str]]) -> duckdb.DuckDBPyConnection:
    conn = duckdb.connect()
    conn.execute("CREATE TABLE people (number INTEGER, sex VARCHAR, town VARCHAR)")
    conn.executemany("INSERT INTO people VALUES (?, ?, ?)", [(turn, *row) for turn, row in enumerate(rows)])
    return conn


def groups(conn: duckdb.DuckDBPyConnection) -> Counter[tuple[str, str]]:
    return Counter(conn.execute("SELECT sex, town FROM people").fetchall())


def test_a_large_group_stays_and_a_small_one_gets_coarser_by_as_little_as_it_takes() -> None:
    conn = table(
        [("f", "ab")] * 5 + [("f", "xy")] * 3 + [("f", "xz")] * 2 + [("m", "ab")] * 4 + [("m", "cd")] * 1
    )
    told = generalise(conn, "people", COLUMNS, LADDER, 5)
    assert groups(conn) == {("f", "ab"): 5, ("f", "x"): 5, ("m", ANY): 5}
    assert told.by_step == {0: 5, 1: 5, 2: 5}


def test_the_last_few_get_company_and_nobody_is_left_out() -> None:
    conn = table([("f", "ab")] * 5 + [("m", "cd")] * 7 + [("x", "qq")] * 2)
    told = generalise(conn, "people", COLUMNS, LADDER, 5)
    assert groups(conn) == {(ANY, ANY): 7, ("m", "cd"): 7}
    assert (told.merged, told.left_out) == (5, 0)


def test_fewer_than_k_people_are_not_told_at_all() -> None:
    conn = table([("f", "ab")] * 3)
    assert generalise(conn, "people", COLUMNS, LADDER, 5).left_out == 3
    assert groups(conn) == {}


@pytest.mark.parametrize("seed", range(8))
def test_every_combination_stands_for_k_rows_whatever_they_are(seed: int) -> None:
    dice = random.Random(seed)
    rows = [
        (dice.choice("fmx"), dice.choice("abc") + dice.choice("xyz")) for _ in range(dice.randint(5, 120))
    ]
    conn = table(rows)
    k = dice.randint(2, 7)
    told = generalise(conn, "people", COLUMNS, LADDER, k)
    found = groups(conn)
    assert min(found.values(), default=k) >= k
    assert sum(found.values()) + told.left_out == len(rows)


def test_a_value_that_makes_a_pair_rare_is_not_told() -> None:
    conn = table([("f", "ab")] * 5 + [("m", "ab")] * 2 + [("m", "cd")] * 5)
    assert rare_pairs(conn, "people", ["sex"], ["town"], 3) == {("sex", "town"): 1}
    assert hide_rare_pairs(conn, "people", ["sex"], ["town"], 3) == 2
    assert groups(conn) == {("f", "ab"): 5, ("m", ANY): 2, ("m", "cd"): 5}
    assert rare_pairs(conn, "people", ["sex"], ["town"], 3) == {}
