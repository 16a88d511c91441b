"""Published tables against their past: rows and filled columns, and which versions count."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import duckdb
import pandas as pd
import pytest
import yaml

from pipelines.quality.published import Shape, judge_shapes, past_shapes, remember_shapes, shapes_of
from pipelines.quality.published_classes import CLASSED, class_frames
from pipelines.settings import PROJECT_ROOT


def shape(rows: int, email: float = 0.8) -> dict[str, Shape]:
    return {"golden.customers": {"rows": rows, "filled": {"customer_id": 1.0, "email": email}}}


def past(count: int = 10) -> list[tuple[int, dict[str, Shape]]]:
    return [(turn % 7, shape(1000 + turn, 0.8 + turn % 3 / 100)) for turn in range(count)]


@pytest.fixture
def conn() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as made:
        made.execute("""
            ATTACH ':memory:' AS warehouse; CREATE SCHEMA warehouse.golden; CREATE SCHEMA warehouse.marts; CREATE SCHEMA warehouse.staging;
            CREATE TABLE warehouse.golden.customers AS FROM (VALUES (1, 'e'), (2, NULL), (3, 'e'), (4, 'e')) t(customer_id, email);
            CREATE TABLE warehouse.marts.empty (a INTEGER); CREATE TABLE warehouse.staging.stg (a INTEGER);""")
        yield made


def test_the_shape_is_rows_and_filled_shares_of_what_readers_see(conn: duckdb.DuckDBPyConnection) -> None:
    assert shapes_of(conn) == {
        "golden.customers": {"rows": 4, "filled": {"customer_id": 1.0, "email": 0.75}},
        "marts.empty": {"rows": 0, "filled": {}},
    }


def test_nothing_is_judged_before_seven_versions_and_the_check_says_so() -> None:
    (result,) = judge_shapes(shape(5), past(6), 0)
    assert (result.passed, result.figures, result.told) == (True, (), "too few versions to learn from")
    assert (result.asset, result.name, result.severity) == ("golden/customers", "as_usual", "warn")


@pytest.mark.parametrize(
    ("now", "failing"),
    [
        (shape(1010, 0.81), []), (shape(400), [("golden.customers", "rows")]), (shape(2500), [("golden.customers", "rows")]),
        (shape(1010, 0.4), [("golden.customers.email", "share filled")]),
        (shape(1010, 1.0), [("golden.customers.email", "share filled")]),
    ],
    ids=["as usual", "fewer", "more", "emptied", "filled"],
)  # fmt: skip
def test_what_is_not_usual_is_told_with_its_band(
    now: dict[str, Shape], failing: list[tuple[str, str]]
) -> None:
    (result,) = judge_shapes(now, past(), 0)
    assert [(one.subject, one.measure) for one in result.failing] == failing
    assert result.passed == (not failing)
    assert not result.is_red
    assert {one.bounds_from for one in result.figures} == {"learned from 10 versions"}


def test_a_new_table_and_a_new_column_have_no_past() -> None:
    now = shape(1010) | {"marts.new": {"rows": 3, "filled": {"a": 0.1}}}
    now["golden.customers"]["filled"]["new"] = 0.0
    assert all(result.passed for result in judge_shapes(now, past(), 0))


def test_versions_that_were_rolled_back_from_are_not_learned_from(tmp_path: Path) -> None:
    for turn in range(50):
        remember_shapes(tmp_path, f"v{turn:02d}", turn % 7, shape(turn))
    kept = past_shapes(tmp_path, {"v48"})
    assert [shapes["golden.customers"]["rows"] for _, shapes in kept] == [*range(8, 48), 49]
    assert kept[-1][0] == 49 % 7


def test_half_a_line_is_left_out(tmp_path: Path) -> None:
    remember_shapes(tmp_path, "v1", 0, shape(1))
    path = tmp_path / "quality" / "published.jsonl"
    path.write_text(path.read_text("utf-8") + '{"version": "v2", "wee', "utf-8")
    assert len(past_shapes(tmp_path, set())) == 1
    assert past_shapes(tmp_path / "nowhere", set()) == []


def customers(conn: duckdb.DuckDBPyConnection, persons: int, organisations: int) -> dict[str, pd.DataFrame]:
    conn.execute("CREATE OR REPLACE TABLE warehouse.golden.customers AS SELECT 'C' || i AS customer_id, 'a' AS display_name, "
                 f"CASE WHEN i < {persons} THEN 'person' ELSE 'organisation' END AS entity_type, NULL::VARCHAR AS gender, "
                 f"'CN' AS country FROM range({persons + organisations}) AS t(i)")  # fmt: skip
    return class_frames(conn)


def test_classes_of_published_tables_hold_codes_and_no_other_column(conn: duckdb.DuckDBPyConnection) -> None:
    frames = customers(conn, 90, 10)
    assert set(frames) == {"golden.customers"}  # the other tables are no part of this build
    assert list(frames["golden.customers"].columns) == ["entity_type", "gender", "country"]
    assert shapes_of(conn, frames)["golden.customers"]["classes"] == {
        "entity_type": {"organisation": 10, "person": 90}, "gender": {}, "country": {"CN": 100},
    }  # fmt: skip
    assert len(customers(conn, 9_000, 1_000)["golden.customers"]) == 5_000


@pytest.mark.parametrize(("organisations", "is_usual"), [(12, True), (60, False), (0, False)])
def test_a_class_of_customers_that_grew_or_went_is_not_usual(
    conn: duckdb.DuckDBPyConnection, organisations: int, is_usual: bool
) -> None:
    past = [(turn % 7, shapes_of(conn, customers(conn, 200 + turn, 20 + turn % 4))) for turn in range(8)]
    frames = customers(conn, 205, organisations)
    results = judge_shapes(shapes_of(conn, frames), past, 0, frames)
    (result,) = [one for one in results if one.asset == "golden/customers"]
    figures = {
        one.subject.partition(":")[0]: one for one in result.figures if one.measure == "stability index"
    }
    assert figures["golden.customers.entity_type"].passed == is_usual
    assert figures["golden.customers.country"].passed
    if not is_usual:
        assert "organisation" in figures["golden.customers.entity_type"].subject


def test_a_currency_that_is_none_names_nobody(conn: duckdb.DuckDBPyConnection) -> None:
    conn.execute("CREATE TABLE warehouse.marts.fct_transactions AS FROM (VALUES ('c1', 'CNY'), ('c2', '王小明'), ('c3', NULL)) "
                 "t(customer_id, currency)")  # fmt: skip
    frames = class_frames(conn)
    classes = shapes_of(conn, frames)["marts.fct_transactions"]["classes"]
    assert classes == {"currency": {"CNY": 1, "other": 1}}


def test_every_class_of_published_tables_stands_in_a_closed_list() -> None:
    """Written out where the list is not dbt's: codes that a standardising function or a contract's vocabulary gives, or a flag."""
    elsewhere = {"gender", "country", "role", "is_best", "is_return", "channel", "currency", "value"}
    listed: dict[str, set[str]] = {}
    for path in (PROJECT_ROOT / "dbt_project" / "models").rglob("_*.yml"):
        for model in yaml.safe_load(path.read_text("utf-8")).get("models", []):
            rules = [test["rules"]["arguments"] for test in model.get("data_tests", []) if "rules" in test]
            listed[model["name"]] = {column for rule in rules for column in rule.get("accepted_values", {})}
    open_ones = {
        f"{table}.{column}"
        for table, columns in CLASSED.items()
        for column in columns
        if column not in elsewhere and column not in listed[table.partition(".")[2]]
    }
    assert open_ones == set()
