"""The reader of plans finds what compares each row with each, and nothing else, on tables of some thousand rows."""

from __future__ import annotations

import duckdb
import pytest
from query_plans import quadratic_joins

POINTS, MAILBOXES, SEED = "memory.main.points", "memory.main.mailboxes", "memory.reference.seed"

QUADRATIC = {
    "a condition on one side": "select * from points left join mailboxes as m on points.field = 'email' and points.value = m.value",
    "no condition": "select * from points, mailboxes",
    "not equal": "select * from points join mailboxes as m on points.value <> m.value",
    "either of two": "select * from points join mailboxes as m on points.value = m.value or points.number = m.number",
    "one range": "select * from points join mailboxes as m on points.number < m.number",
    "two ranges": "select * from points join mailboxes as m on points.number > m.number and points.value < m.value",
    "a CTE with itself": """
        with counted as materialized (select value, count(*) as n from mailboxes group by value)
        select * from points, counted as a, counted as b where points.number = a.n and a.value <> b.value""",
    "in a correlated subquery": """
        select *, (select max(m.value) from mailboxes as m where m.number < points.number) as below from points""",
    "in a recursive step": """
        with recursive chain as (
            select number from points where number < 3
            union all
            select m.number from chain, mailboxes as m where chain.number < m.number
        ) select * from chain""",
    "below an aggregate": "select count(*) from points, mailboxes",
}
LINEAR = {
    "a constant on both sides": """
        select * from points
        left join (select 'email' as field, value from mailboxes) as m on points.field = m.field and points.value = m.value""",
    "one row": "select * from points, (select max(number) as most from mailboxes) as m where points.number < m.most",
    "a sorted list": "select * from points, (select list(value order by value) as every from mailboxes) as m where m.every[points.number] = 'x'",
    "a scalar subquery": "select * from points where value = (select max(value) from mailboxes) or number in (1, 2)",
    "a seed": "select * from points left join reference.seed as s on points.number between s.low and s.high",
    "a seed of a seed": """
        with kinds as materialized (select low, count(*) as n from reference.seed group by low)
        select * from points, kinds as a, kinds as b where a.n <> b.low""",
    "written out": "select * from points, (values (1), (2), (3)) as three (n) where points.number < three.n",
    "a range of numbers": "select * from points, range(10) as r (n) where points.number < r.n",
    "some ten": "select * from points, (select * from mailboxes limit 10) as m where m.number < points.number",
    "a latest one": "select * from points asof join mailboxes as m on points.number >= m.number",
    "exists": "select * from points where exists (select 1 from mailboxes as m where m.value = points.value and m.number > points.number)",
    "not in": "select * from points where value not in (select value from mailboxes)",
    "a recursive chain": """
        with recursive chain as (
            select number, 1 as steps from points
            union all
            select m.number, steps + 1 from chain join mailboxes as m on chain.number = m.number where steps < 3
        ) select * from chain""",
}  # fmt: skip


@pytest.fixture(scope="module")
def conn() -> duckdb.DuckDBPyConnection:
    conn = duckdb.connect()
    conn.execute(
        "create table points as select i as number, 'email' as field, 'x' || i as value from range(5000) as t(i)"
    )
    conn.execute(
        "create table mailboxes as select i * 2 as number, 'x' || i as value from range(5000) as t(i)"
    )
    conn.execute("create schema reference")
    conn.execute(
        "create table reference.seed as select i * 10 as low, i * 10 + 9 as high from range(9) as t(i)"
    )
    return conn  # fmt: skip


def found(conn: duckdb.DuckDBPyConnection, sql: str) -> list[tuple[frozenset[str], frozenset[str]]]:
    joins = quadratic_joins(conn, sql, is_bounded=lambda table: table == SEED)
    return [(join.left, join.right) for join in joins]


@pytest.mark.parametrize("named", QUADRATIC)
def test_what_compares_each_row_with_each_is_found(conn: duckdb.DuckDBPyConnection, named: str) -> None:
    joins = found(conn, QUADRATIC[named])
    assert joins
    for left, right in joins:
        assert left <= {POINTS, MAILBOXES}
        assert right <= {POINTS, MAILBOXES}


@pytest.mark.parametrize("named", LINEAR)
def test_joins_by_equality_or_with_few_rows_are_not(conn: duckdb.DuckDBPyConnection, named: str) -> None:
    assert found(conn, LINEAR[named]) == []


def test_both_sides_are_told(conn: duckdb.DuckDBPyConnection) -> None:
    ((left, right),) = found(conn, QUADRATIC["a condition on one side"])
    assert {left, right} == {frozenset({POINTS}), frozenset({MAILBOXES})}


def test_a_table_that_grows_is_no_seed(conn: duckdb.DuckDBPyConnection) -> None:
    (join,) = quadratic_joins(conn, LINEAR["a seed"], is_bounded=lambda _table: False)
    assert SEED in join.left | join.right
