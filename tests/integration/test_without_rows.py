"""Delivered files of every form written anew without some rows: the rest reads as before, and of the rows no byte is left."""

from __future__ import annotations

import gzip
import io
import json
import zipfile
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from openpyxl import Workbook

from pipelines.contracts.model import Server
from pipelines.ingest.readers import read_delivery
from pipelines.ingest.without_rows import write_without

HEADER = ["no", "name", "note"]
ROWS = [
    ["1", "Ada", "x"],
    ["2", "SECRET", "=1+1"],
    ["3", "张伟", 'a "b"'],
    ["4", "SECRET", ""],
    ["5", "Eve", "two\nlines"],
]
CSV = "\n".join(
    [
        "no,name,note",
        "1,Ada,x",
        "2,SECRET,=1+1",
        "",
        '3,张伟,"a ""b"""',
        "4,SECRET,",
        '5,Eve,"two\nlines"',
        "",
    ]
)
JSON = "\n".join(json.dumps(dict(zip(HEADER, row, strict=True)), ensure_ascii=False) for row in ROWS)


def plain(text: str, encoding: str = "utf-8") -> Callable[[Path], None]:
    return lambda path: path.write_bytes(text.encode(encoding)) and None


def packed(path: Path) -> None:
    path.write_bytes(gzip.compress(CSV.encode()))


def zipped(path: Path) -> None:
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("inner/list.csv", CSV)
        archive.writestr("__MACOSX/SECRET", "SECRET")


def parquet(path: Path) -> None:
    pq.write_table(pa.table({name: [row[at] for row in ROWS] for at, name in enumerate(HEADER)}), path)


def workbook(path: Path) -> None:
    book = Workbook()
    sheet = book.active
    for row in (["made by SECRETARY"], HEADER, *ROWS):
        sheet.append(row)
    for row in sheet.iter_rows():
        for cell in row:
            cell.data_type = "s" if cell.value else cell.data_type
    book.create_sheet("SECRET").append(["SECRET"])
    book.save(path)


FORMS = {
    "csv": (plain(CSV), Server("x", "csv")),
    "utf-16": (plain(CSV, "utf-16"), Server("x", "csv", encoding="utf-16")),
    "gb18030": (plain(CSV, "gb18030"), Server("x", "csv", encoding="gb18030")),
    "preamble": (plain("made today\n" + CSV), Server("x", "csv", header_row=2)),
    "gzip": (packed, Server("x", "csv")),
    "zip": (zipped, Server("x", "csv")),
    "jsonl": (plain(JSON), Server("x", "jsonl")),
    "parquet": (parquet, Server("x", "parquet")),
    "xlsx": (workbook, Server("x", "xlsx", header_row=2)),
}


def unpacked(path: Path) -> bytes:
    content = path.read_bytes()
    if content[:2] == b"\x1f\x8b":
        return gzip.decompress(content)
    if content[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return b"".join(name.encode() + archive.read(name) for name in archive.namelist())
    return content


@pytest.mark.parametrize("form", FORMS)
def test_the_other_rows_read_as_before(form: str, tmp_path: Path) -> None:
    make, server = FORMS[form]
    make(tmp_path / "file")
    before = [(values, problem) for _, values, problem in read_delivery(tmp_path / "file", server).rows]
    assert len(before) == 5
    write_without(tmp_path / "file", tmp_path / "copy", server, {2, 4})
    copy = read_delivery(tmp_path / "copy", server)
    assert [(values, problem) for _, values, problem in copy.rows] == [before[0], before[2], before[4]]
    assert copy.header == HEADER
    secret = "SECRET".encode("utf-16-le" if form == "utf-16" else "utf-8")
    assert secret in unpacked(tmp_path / "file") or form == "parquet"
    assert secret not in unpacked(tmp_path / "copy").replace(b"SECRETARY", b"")


def test_a_line_that_nobody_can_read_may_go_and_those_after_it_stay(tmp_path: Path) -> None:
    text = 'no,name,note\n1,Ada,x\n2,"SECRET,y\n3,Bo,z\n4,Cy,z\n'
    (tmp_path / "file").write_text(text)
    server = Server("x", "csv")
    assert [problem for *_, problem in read_delivery(tmp_path / "file", server).rows] == [
        None,
        "broken_line",
        None,
        None,
    ]
    write_without(tmp_path / "file", tmp_path / "copy", server, {2})
    assert (tmp_path / "copy").read_text() == "no,name,note\n1,Ada,x\n3,Bo,z\n4,Cy,z\n"
