"""A table that fits is a table; one that does not is read record by record, with every value whole."""

from __future__ import annotations

import io

import pytest

from pipelines.publishing.output import write_result
from pipelines.publishing.query import QueryResult


def written(columns: tuple[str, ...], rows: list[tuple[object, ...]]) -> str:
    stream = io.StringIO()
    assert write_result(QueryResult(columns, iter(rows)), stream, "table") == len(rows)
    return stream.getvalue()


@pytest.fixture(autouse=True)
def narrow_screen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")


def test_what_fits_stands_side_by_side() -> None:
    lines = written(("channel", "records"), [("门店", 3), ("website", 12)]).splitlines()
    assert any("channel" in line and "records" in line for line in lines)
    assert any("门店" in line and "3" in line for line in lines)


def test_what_is_wider_than_the_screen_is_read_record_by_record() -> None:
    columns = tuple(f"column_number_{n}" for n in range(40))
    told = written(columns, [tuple(f"value {n}" for n in range(40)), (None,) * 39 + ("last",)])
    assert [f"column_number_{n}" in told and f"value {n}" in told for n in range(40)] == [True] * 40
    second = told.split("row 2")[1]
    assert "last" in second
    assert "column_number_0" not in second


def test_no_row_of_a_wide_table_names_the_columns() -> None:
    told = written(tuple(f"column_number_{n}" for n in range(40)), [])
    assert told.startswith("No row")
    assert "column_number_39" in told


def test_one_wide_column_is_folded_not_cut() -> None:
    told = written(("text",), [("x" * 300,)])
    assert told.count("x") >= 300
