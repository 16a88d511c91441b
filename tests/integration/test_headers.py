"""A column whose header carries signs that nobody sees is the column that it looks like, in every format."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from delivery_home import Home

from pipelines.contracts.load import load_contract
from pipelines.errors import ContractError
from pipelines.ingest.claims import write_claims
from pipelines.ingest.raw_store import list_deliveries

FORMATS = ["csv", "careful csv", "tsv", "xlsx", "parquet", "jsonl"]
ODD = {
    "plain": ["no", "姓名", "手机", "time"],
    "zero width": ["\u200bno", "姓\u200b名", "手机\u200d", "ti\u2060me"],
    "marks inside": ["no\ufeff", "\ufeff姓名", "\u202a手机\u202c", "time\ufe0f"],
    "blanks": ["\u00a0no ", "姓　名", " 手 机", "time\u00a0"],
    "wide": ["ｎｏ", "姓名", "手机", "ＴＩＭＥ"],
    "wrapped": ["no", "姓\n名", "手机\r\n", "time\n"],
    "case": ["No", "姓名", "手机", "Time"],
}
ROW = ["1", "李雷", "13800138000", "2026-01-01 10:00:00"]


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    return Home(tmp_path / "home")


def written(header: list[str], rows: list[list[str]], form: str) -> bytes:
    if form == "xlsx":
        book, buffer = openpyxl.Workbook(), io.BytesIO()
        for line in (header, *rows):
            book.active.append(line)
        book.save(buffer)
        return buffer.getvalue()
    if form == "parquet":
        sink = io.BytesIO()
        columns = [pa.array([row[n] for row in rows], pa.string()) for n in range(len(header))]
        pq.write_table(pa.Table.from_arrays(columns, names=header), sink)
        return sink.getvalue()
    if form == "jsonl":
        return "".join(json.dumps(dict(zip(header, row, strict=True))) + "\n" for row in rows).encode()
    paper = io.StringIO()
    writer = csv.writer(paper, delimiter="\t" if form == "tsv" else ",", lineterminator="\n")
    writer.writerows([header, *rows])
    # A stray quotation mark below the rows asks for the careful reader.
    return (paper.getvalue() + ('2,a"b,,2026-01-01\n' if form == "careful csv" else "")).encode()


def name_of(form: str) -> tuple[str, str]:
    extension = form.rsplit(maxsplit=1)[-1]
    return f"a.{extension}", extension


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("kind", ODD)
def test_every_mapped_column_is_found(kind: str, form: str, home: Home) -> None:
    name, extension = name_of(form)
    options = {"delimiter": "\t"} if form == "tsv" else {}
    contract = home.source("list", {name: written(ODD[kind], [ROW], form)}, extension, **options)
    (report,) = home.take(contract)
    assert (report.error_message, report.accepted, report.absent) == (None, report.rows_in, ())
    assert home.rows("source_record_id, full_name, phone, extra")[0] == ("1", "李雷", "13800138000", None)


@pytest.mark.parametrize("form", ["csv", "xlsx", "parquet", "jsonl"])
@pytest.mark.parametrize("second", ["手\u200b机", "手 机", "手机\n"])
def test_two_columns_that_look_the_same_are_refused(second: str, form: str, home: Home) -> None:
    name, extension = name_of(form)
    content = written(["no", "手机", second, "time"], [["1", "a", "b", "2026-01-01"]], form)
    (report,) = home.take(home.source("list", {name: content}, extension))
    assert (report.status, report.error_code) == ("refused", "duplicate_header")
    assert "手机" in str(report.error_message)
    assert "\u200b" not in str(report.error_message)


def test_a_mark_before_a_quoted_header_hides_no_column(home: Home) -> None:
    content = '\ufeff\ufeff"no","姓名","手机","time"\n1,李雷,13800138000,2026-01-01\n'.encode()
    (report,) = home.take(home.source("list", {"a.csv": content}))
    assert (report.accepted, report.absent) == (1, ())


def test_a_header_on_two_lines_costs_no_row(home: Home) -> None:
    content = 'no,姓名,手机,"time\n"\n1,李雷,13800138000,2026-01-01\n2,韩梅,13900139000,2026-01-01\n'
    (report,) = home.take(home.source("list", {"a.csv": content}))
    assert (report.rows_in, report.accepted, report.quarantined) == (2, 2, 0)


def test_sheets_whose_headers_look_the_same_are_one_table(home: Home) -> None:
    book, buffer = openpyxl.Workbook(), io.BytesIO()
    book.active.append(ODD["plain"])
    book.active.append(ROW)
    more = book.create_sheet("more")
    more.append(ODD["zero width"])
    more.append(["2", *ROW[1:]])
    book.save(buffer)
    (report,) = home.take(home.source("list", {"a.xlsx": buffer.getvalue()}, "xlsx", sheet="*"))
    assert (report.error_message, report.accepted) == (None, 2)


def test_a_contract_may_carry_such_signs_too_and_maps_each_column_once(home: Home) -> None:
    path = home.source("list", {"a.csv": written(ODD["plain"], [ROW], "csv")}).path
    text = path.read_text("utf-8")
    path.write_text(text.replace("physicalName: 手机", 'physicalName: "手\u200b机"'), "utf-8")
    (report,) = home.take(load_contract(path, home.root))
    assert (report.accepted, report.absent) == (1, ())
    path.write_text(text.replace("physicalName: 手机", 'physicalName: "姓 名"'), "utf-8")
    with pytest.raises(ContractError, match="already fills full_name"):
        load_contract(path, home.root)


def test_what_a_delivery_lacks_stands_in_report_and_manifest(home: Home) -> None:
    content = "no,time,\u200b,note\n1,2026-01-01,x,y\n"
    (report,) = home.take(home.source("list", {"a.csv": content}))
    assert report.absent == ("姓名", "手机")
    assert "column 姓名 is absent" in report.warnings
    assert "1 column(s) without a name; not kept" in report.warnings
    (manifest,) = list_deliveries(home.root)
    assert manifest["absent_columns"] == ["姓名", "手机"]
    assert home.rows("extra") == [('{"note":"y"}',)]


def test_a_claim_finds_the_value_below_an_odd_header(home: Home) -> None:
    content = written(ODD["zero width"], [ROW, ["2", "a", "b", "never"]], "csv")
    contract = home.source("list", {"a.csv": content})
    home.take(contract)
    path, lines = write_claims(contract, home.settings, home.keys)
    assert lines == 1
    assert ",time,bad_timestamp," in path.read_text("utf-8-sig")
    assert path.read_text("utf-8-sig").rstrip().endswith(",never")
