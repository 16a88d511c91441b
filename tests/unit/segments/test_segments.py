"""Segments: what a marketer writes selects what it says, and what is wrong is told with its place."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from pipelines.segments.compile import TABLES, compile_segment, is_profiled
from pipelines.segments.document import SegmentError, read_segment
from pipelines.settings import PROJECT_ROOT

COLUMNS = {
    "customer_360": {"customer_id": "VARCHAR", "city": "VARCHAR", "age_years": "INTEGER", "suppressed_channels": "VARCHAR[]"},
    "customer_rfm": {"customer_id": "VARCHAR", "segment": "VARCHAR"},
}  # fmt: skip


@pytest.fixture
def conn() -> duckdb.DuckDBPyConnection:
    opened = duckdb.connect(":memory:")
    opened.execute("CREATE SCHEMA marts")
    opened.execute(
        "CREATE TABLE marts.customer_360 AS FROM (VALUES ('c1', '上海市', 30, ['sms']), ('c2', '北京市', NULL, []), "
        "('c3', NULL, 50, ['email'])) AS t(customer_id, city, age_years, suppressed_channels)"
    )
    opened.execute("CREATE TABLE marts.customer_rfm AS SELECT 'c1' AS customer_id, 'loyal' AS segment")
    return opened


def selected(conn: duckdb.DuckDBPyConnection, folder: Path, where: str) -> set[str]:
    path = folder / "wanted.yml"
    path.write_text(f"title: T\nwhere: {where}\n", encoding="utf-8")
    sql, values = compile_segment(read_segment(path), COLUMNS)
    return {row[0] for row in conn.execute(sql, values).fetchall()}


@pytest.mark.parametrize(
    ("where", "expected"),
    [
        ("{field: city, is: 上海市}", {"c1"}),
        ("{field: city, is: [上海市, 北京市]}", {"c1", "c2"}),
        ("{field: city, is_not: 上海市}", {"c2", "c3"}),
        ("{not: {field: city, is: 上海市}}", {"c2", "c3"}),
        ("{field: city, known: false}", {"c3"}),
        ("{field: age_years, at_least: 30}", {"c1", "c3"}),
        ("{field: age_years, at_most: 30}", {"c1"}),
        ("{not: {field: age_years, at_most: 30}}", {"c2", "c3"}),
        ("{field: suppressed_channels, has: sms}", {"c1"}),
        ("{table: customer_rfm, field: segment, is: loyal}", {"c1"}),
        ("{table: customer_rfm, field: segment, is_not: loyal}", {"c2", "c3"}),
        ("{any: [{field: city, is: 北京市}, {field: age_years, at_least: 40}]}", {"c2", "c3"}),
        ("{all: [{field: city, known: true}, {field: age_years, known: true}]}", {"c1"}),
        ('{field: city, is: "x\') OR (1=1"}', set()),
    ],
)
def test_rules_select_what_they_say(
    conn: duckdb.DuckDBPyConnection, tmp_path: Path, where: str, expected: set[str]
) -> None:
    assert selected(conn, tmp_path, where) == expected


@pytest.mark.parametrize(
    ("where", "told"),
    [
        ("{field: citty, is: x}", "did you mean city"),
        ("{table: customers, field: phone, is: x}", "not one of customer_360"),
        ("{field: city, equals: x}", "exactly one of is, is_not"),
        ("{field: city, is: x, at_least: 3}", "exactly one of"),
        ("{all: []}", "one rule or more"),
        ("{all: [{any: 3}]}", r"where.all\[1\].any"),
        ("{field: city, known: maybe}", "true or false"),
        ("{field: suppressed_channels, is: sms}", "a list; test it with has"),
        ("{field: city, has: sms}", "has is for lists"),
        ("nothing", "must be one of all, any, not"),
    ],
)
def test_mistakes_are_told_with_their_place(
    conn: duckdb.DuckDBPyConnection, tmp_path: Path, where: str, told: str
) -> None:
    with pytest.raises(SegmentError, match=told):
        selected(conn, tmp_path, where)


def test_unknown_keys_and_broken_yaml_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "wrong.yml"
    for text in ("titel: T\nwhere: {field: city, is: x}\n", "where: [", "3"):
        path.write_text(text, encoding="utf-8")
        with pytest.raises(SegmentError, match=r"wrong\.yml"):
            read_segment(path)


def test_shipped_segments_fit_the_documented_marts() -> None:
    import yaml  # noqa: PLC0415

    documented = sorted((PROJECT_ROOT / "dbt_project" / "models" / "marts").glob("_*__models.yml"))
    columns = {
        model["name"]: {column["name"]: column["data_type"] for column in model["columns"]}
        for path in documented
        for model in yaml.safe_load(path.read_text("utf-8"))["models"]
        if model["name"] in TABLES
    }
    assert set(columns) == set(TABLES)
    files = sorted((PROJECT_ROOT / "data" / "segments").glob("*.yml"))
    assert len(files) >= 5
    for path in files:
        compile_segment(read_segment(path), columns)


def test_a_segment_chosen_by_a_prediction_is_profiled(tmp_path: Path) -> None:
    path = tmp_path / "leaving.yml"
    for table, profiled in (
        ("customer_predictions", True),
        ("customer_rfm", True),
        ("customer_membership", False),
    ):
        path.write_text(
            f"title: T\nwhere: {{table: {table}, field: churn_probability, at_least: 0.5}}\n",
            encoding="utf-8",
        )
        assert is_profiled(read_segment(path)) == profiled
