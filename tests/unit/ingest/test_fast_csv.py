"""The quick CSV reader either gives exactly the careful reader's rows or declines."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from pipelines.contracts.model import Server
from pipelines.ingest.fast_csv import IrregularError, read_regular
from pipelines.ingest.readers import read_delivery

SERVER = Server(path="*", format="csv")


def quick(path: Path, width: int) -> list[list[str]] | None:
    try:
        batches = list(read_regular(path, SERVER, [f"h{n}" for n in range(width)]))
    except IrregularError:
        return None
    return [list(row.values()) for batch in batches for row in batch.to_pylist()]


@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text('",\nab \r王', max_size=14))
@example('"a\n"b",c\n')
@example('x,"a""b"\n')
@example("\n\n1,2\n")
@example(' "a",b\n')
@example('"a\r\nb",c')
def test_it_gives_what_the_careful_reader_gives_or_declines(tmp_path: Path, body: str) -> None:
    path = tmp_path / "a.csv"
    path.write_text("h0,h1\n" + body, encoding="utf-8", newline="")
    found = quick(path, 2)
    if found is not None:
        careful = list(read_delivery(path, SERVER).rows)
        assert [problem for _, _, problem in careful] == [None] * len(careful)
        assert found == [values for _, values, _ in careful]


def test_it_takes_ordinary_files_across_blocks_and_declines_broken_ones(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    rows = [[str(n), f"王,{n}" * 20] for n in range(90_000)]
    path.write_text("h0,h1\n" + "".join(f'{a},"{b}"\n' for a, b in rows), encoding="utf-8")
    assert path.stat().st_size > 8 << 20
    assert quick(path, 2) == rows
    path.write_text("h0,h1\n1,2,3\n", encoding="utf-8")
    assert quick(path, 2) is None


@pytest.mark.parametrize("content", [b"h0,h1\n1,\x00\n", b"h0,h1\n1,\xff\n", b'h0,h1\n1,"2\n'])
def test_it_declines_bytes_that_need_judgement(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(content)
    assert quick(path, 2) is None
