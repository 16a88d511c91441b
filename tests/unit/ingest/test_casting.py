"""The quick forms of casting give what the careful ones give."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from pipelines.contracts.model import Server
from pipelines.functions.date import parse_date
from pipelines.functions.registry import register_functions
from pipelines.functions.timestamp import parse_timestamp
from pipelines.ingest.moments import plain_moment
from pipelines.ingest.parquet import is_textual, read_textual
from pipelines.ingest.readers import read_delivery

DIGITS = st.integers(0, 99).map("{:02d}".format)
YEAR = st.one_of(st.integers(0, 9999).map("{:04d}".format), st.sampled_from(["1900", "1970", "2024", "9999"]))
MOMENT = st.tuples(YEAR, DIGITS, DIGITS, st.sampled_from([" ", "T", ""]), DIGITS, DIGITS, DIGITS).map(
    lambda p: f"{p[0]}-{p[1]}-{p[2]}" + (f"{p[3]}{p[4]}:{p[5]}:{p[6]}" if p[3] else "")
)


@pytest.fixture(scope="module")
def conn() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as opened:
        register_functions(opened)
        yield opened


@settings(max_examples=300, deadline=None)
@given(
    st.one_of(MOMENT, st.text("0123456789-: TZ", max_size=20)),
    st.sampled_from([None, "yyyy-MM-dd", "yyyy-MM-dd HH:mm:ss"]),
)
@example("2026-02-29", None)
@example("2024-02-29 23:59:60", None)
@example("1900-01-01", None)
@example("2026-01-01 24:00:00", None)
@example("0000-01-01", None)
def test_a_plain_date_or_timestamp_is_what_the_parser_makes_of_it_or_nothing(
    conn: duckdb.DuckDBPyConnection, text: str, pattern: str | None
) -> None:
    for kind, parse in (("date", parse_date), ("timestamp", parse_timestamp)):
        found = conn.execute(f"SELECT {plain_moment(kind, 't')} FROM (SELECT ? AS t)", [text]).fetchone()
        parsed = parse(text, pattern, "CN")
        assert found is not None
        assert found[0] in (None, parsed and parsed["value"])


def test_ordinary_forms_take_the_quick_way(conn: duckdb.DuckDBPyConnection) -> None:
    for kind, text in (
        ("date", "2026-01-31"),
        ("timestamp", "2026-01-31 10:11:12"),
        ("timestamp", "2026-01-31T10:11:12"),
    ):
        assert conn.execute(f"SELECT {plain_moment(kind, 't')} FROM (SELECT ? AS t)", [text]).fetchone() != (
            None,
        )


ROWS = st.lists(
    st.tuples(
        st.none() | st.text(max_size=5),
        st.none() | st.integers(-(2**63), 2**63 - 1),
        st.none() | st.booleans(),
    )
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(ROWS)
def test_the_quick_parquet_reader_gives_the_careful_ones_text(
    tmp_path: Path, rows: list[tuple[object, ...]]
) -> None:
    path = tmp_path / "a.parquet"
    columns = list(zip(*rows, strict=True)) or [(), (), ()]
    kinds = (pa.string(), pa.int64(), pa.bool_())
    pq.write_table(
        pa.table([pa.array(c, k) for c, k in zip(columns, kinds, strict=True)], names=["a", "b", "c"]), path
    )
    assert is_textual(path)
    quick = [list(row.values()) for batch in read_textual(path) for row in batch.to_pylist()]
    careful = read_delivery(path, Server(path="*", format="parquet"))
    assert quick == [values for _, values, _ in careful.rows]


def test_a_column_of_another_type_is_left_to_the_careful_reader(tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    pq.write_table(pa.table({"a": pa.array([1.5])}), path)
    assert not is_textual(path)
