"""Files made to do harm: a named error, or broken rows among good ones; no crash, no file elsewhere, little memory."""

from __future__ import annotations

import gzip
import io
import json
import tracemalloc
import zipfile
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipelines.contracts.model import Server
from pipelines.errors import DeliveryError
from pipelines.ingest import opening, workbook
from pipelines.ingest.parquet import read_textual
from pipelines.ingest.readers import read_delivery

FORMATS = ("csv", "jsonl", "xlsx", "parquet")


def server(form: str, **options: str) -> Server:
    return Server(path="landing/x/*", format=form, **options)  # type: ignore[arg-type]


def outcome(path: Path, form: str, **options: str) -> tuple[str | None, list[str | None]]:
    """The code of the refusal, or None and the problem of each row."""
    refused = None
    try:
        delivered = read_delivery(path, server(form, **options))
        rows = list(delivered.rows)
    except DeliveryError as error:
        refused = error
    if refused:
        assert path.name in str(refused)
        return refused.code, []
    assert [number for number, _, _ in rows] == list(range(1, len(rows) + 1))
    assert all(len(values) == len(delivered.header) for _, values, problem in rows if problem is None)
    return None, [problem for _, _, problem in rows]


def packed(name: str, content: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, content)
    return buffer.getvalue()


def table(header: list[str], *rows: list[str]) -> dict[str, bytes]:
    """The same table in every format."""
    book = openpyxl.Workbook()
    for line in (header, *rows):
        book.active.append(line)
    sheet, columns = io.BytesIO(), io.BytesIO()
    book.save(sheet)
    arrays = [pa.array([row[n] for row in rows], pa.string()) for n in range(len(header))]
    pq.write_table(pa.Table.from_arrays(arrays, names=header), columns)
    lines = "\n".join(",".join(line) for line in (header, *rows)) + "\n"
    objects = "".join(json.dumps(dict(zip(header, row, strict=True))) + "\n" for row in rows)
    return {
        "csv": lines.encode(),
        "jsonl": objects.encode(),
        "xlsx": sheet.getvalue(),
        "parquet": columns.getvalue(),
    }


@pytest.mark.parametrize("form", FORMATS)
def test_ten_thousand_columns_are_refused(tmp_path: Path, form: str) -> None:
    path = tmp_path / "a"
    path.write_bytes(table([f"h{n}" for n in range(10_000)], ["1"] * 10_000)[form])
    assert outcome(path, form)[0] == "too_many_columns"


@pytest.mark.parametrize("form", ["csv", "xlsx", "parquet"])
def test_a_column_named_twice_is_refused(tmp_path: Path, form: str) -> None:
    path = tmp_path / "a"
    path.write_bytes(table(["no", "name", "no"], ["1", "a", "2"])[form])
    assert outcome(path, form)[0] == "duplicate_header"


@pytest.mark.parametrize("form", ["csv", "xlsx", "parquet"])
def test_a_header_without_rows_is_a_delivery_without_rows(tmp_path: Path, form: str) -> None:
    path = tmp_path / "a"
    path.write_bytes(table(["no", "name"])[form])
    assert outcome(path, form) == (None, [])


def test_a_stray_cell_far_below_a_list_is_told_before_it_takes_all_memory(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.append(["no", "name"])
    book.active.cell(row=1_048_576, column=16_384, value=" ")
    book.save(tmp_path / "a.xlsx")
    assert outcome(tmp_path / "a.xlsx", "xlsx")[0] == "sheet_too_large"


@pytest.mark.parametrize("cut", range(1, 40))
def test_a_cell_name_cut_between_two_blocks_is_still_seen(cut: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbook, "_BLOCK", cut + 30)
    xml = b"x" * 60 + b'<c r="XFD1048576" s="1"/>' + b"y" * 60
    assert workbook._extent(io.BytesIO(xml)) == (1_048_576, 16_384)


@pytest.mark.parametrize(
    ("form", "pack"),
    [
        ("csv", gzip.compress),
        ("csv", lambda content: packed("a.csv", content)),
        ("jsonl", gzip.compress),
        ("xlsx", lambda content: packed("xl/worksheets/sheet1.xml", content)),
    ],
)
def test_a_thousandfold_bomb_is_stopped_before_it_unfolds(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, form: str, pack: Callable[[bytes], bytes]
) -> None:
    monkeypatch.setattr(opening, "BOMB_BYTES", 1_000_000)
    monkeypatch.setattr(workbook, "BOMB_BYTES", 1_000_000)
    content = b"no,name\n" + b"1," + b"a" * 30_000_000 + b"\n"
    path = tmp_path / "a.bin"
    path.write_bytes(pack(content))
    assert len(content) > 900 * path.stat().st_size
    tracemalloc.start()
    code, _ = outcome(path, form)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert code == "decompression_bomb"
    assert peak < 20_000_000


@pytest.mark.parametrize("name", ["../../evil.csv", "/etc/evil.csv", "..\\evil.csv", "a/../../b.csv"])
@pytest.mark.parametrize("member", [None, "*.csv"])
def test_a_name_in_an_archive_leads_nowhere(tmp_path: Path, name: str, member: str | None) -> None:
    folder = tmp_path / "landing" / "deep"
    folder.mkdir(parents=True)
    path = folder / "a.zip"
    path.write_bytes(packed(name, b"no\n1\n"))
    assert outcome(path, "csv", **({"member": member} if member else {}))[0] in (None, "zip_members")
    assert [found for found in tmp_path.rglob("*") if found.is_file()] == [path]


@pytest.mark.parametrize(
    ("form", "content", "problem"),
    [
        ("csv", b"no,name\n1,%s\n2,b\n", "broken_line"),
        ("csv", b'no,name\n1,"%s"\n2,b\n', "broken_line"),
        ("csv", b'no,name\n1,"%s\n2,b\n', "broken_line"),
        ("jsonl", b'{"no": "1", "name": "%s"}\n{"no": "2"}\n', "broken_json"),
    ],
)
def test_a_field_of_fifty_megabytes_breaks_its_own_row_in_little_memory(
    tmp_path: Path, form: str, content: bytes, problem: str
) -> None:
    path = tmp_path / "a"
    path.write_bytes(content.replace(b"%s", b"x" * 50_000_000))
    tracemalloc.start()
    found = outcome(path, form)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert found == (None, [problem, None])
    assert peak < 25_000_000


def test_parquet_of_more_rows_than_its_bytes_can_mean_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a"
    columns = {
        "no": pa.array(["1"] * 1_000_000).dictionary_encode(),
        "name": pa.nulls(1_000_000, pa.string()),
    }
    with pq.ParquetWriter(path, pa.table(columns).schema) as writer:
        for _ in range(11):
            writer.write_table(pa.table(columns))
    assert outcome(path, "parquet")[0] == "decompression_bomb"


def test_parquet_text_that_is_no_utf_8_is_refused_by_name(tmp_path: Path) -> None:
    path = tmp_path / "a"
    bad = pa.Array.from_buffers(
        pa.string(), 1, [None, pa.array([0, 1], pa.int32()).buffers()[1], pa.py_buffer(b"\xff")]
    )
    pq.write_table(pa.Table.from_arrays([pa.array(["1"]), bad], names=["no", "name"]), path)
    assert outcome(path, "parquet")[0] == "unreadable"
    with pytest.raises(DeliveryError):
        list(read_textual(path))


GOOD = table(["no", "name"], ["1", "a"], ["2", "王"], ["3", "c,d"])


@st.composite
def damaged(draw: st.DrawFn, form: str) -> bytes:
    """A file of the format with bytes changed, cut out or put in; now and then anything, packed or not."""
    content = bytearray(draw(st.one_of(st.just(GOOD[form]), st.binary(max_size=60))))
    for _ in range(draw(st.integers(0, 4))):
        place = draw(st.integers(0, len(content)))
        content[place : place + draw(st.integers(0, 8))] = draw(
            st.one_of(
                st.binary(max_size=8),
                st.sampled_from([b'"', b"\x00", b"\n", b"\xff\xfe", b"[" * 5000, b"\xed\xa0\x80"]),
            )
        )
    pack = draw(st.sampled_from([bytes, bytes, gzip.compress, lambda c: packed("a.csv", bytes(c))]))
    return pack(bytes(content))


@pytest.mark.parametrize("form", FORMATS)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_whatever_the_bytes_a_reader_gives_rows_or_a_named_error(
    tmp_path: Path, form: str, data: st.DataObject
) -> None:
    path = tmp_path / "a"
    path.write_bytes(data.draw(damaged(form)))
    encoding = data.draw(st.sampled_from(["utf-8", "auto", "gb18030", "utf-16", "latin-1"]))
    outcome(path, form, encoding=encoding)
