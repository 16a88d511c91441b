"""Quotation marks and line ends that the format does not allow: read as the sender meant, else one rejected line with its text."""

from __future__ import annotations

import csv
import io
import random
from collections.abc import Iterator
from pathlib import Path

import pytest
from delivery_home import HEADER, Home
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipelines.contracts.model import Server
from pipelines.ingest import fast_csv
from pipelines.ingest.claims import write_claims
from pipelines.ingest.fast_csv import IrregularError, read_regular
from pipelines.ingest.quotes import only_reading
from pipelines.ingest.readers import read_delivery
from pipelines.ingest.records import split_records

TOP = "a,b,c\n"
MEANT = [
    ('"毛巾,两条"      ,5,x\n', [["毛巾,两条", "5", "x"]]),
    ('1,"毛巾,两条"\u3000\u3000,x\n', [["1", "毛巾,两条", "x"]]),
    ('1,"x, y"\t,3\n', [["1", "x, y", "3"]]),
    ('"1" ,"2" ,"3" \n', [["1", "2", "3"]]),
    ('1, "a, b" ,c\n', [["1", "a, b", "c"]]),
    ('1,  "x",3\n', [["1", "x", "3"]]),
    ('1,"5" pipe",3\n', [["1", '5" pipe', "3"]]),
    ('1,5" pipe,3\n', [["1", '5" pipe', "3"]]),
    ('1,5",3\n', [["1", '5"', "3"]]),
    ('1,"He said "hi", ok",3\n', [["1", 'He said "hi", ok', "3"]]),
    ('1,"12"" x 5"" ,7",3\n', [["1", '12" x 5" ,7', "3"]]),
    ('1,"a""b" ,3\n', [["1", 'a"b', "3"]]),
    ('1,"x\ny"  ,3\n2,b,c\n', [["1", "x\ny", "3"], ["2", "b", "c"]]),
    ('1,"x\r\n\r\ny"  ,3\r\n2,b,c\r\n', [["1", "x\r\n\r\ny", "3"], ["2", "b", "c"]]),
    ("1,2,3\r4,5,6\r", [["1", "2", "3"], ["4", "5", "6"]]),
    ('1,"p\rq",3\r4,5,6\r', [["1", "p\rq", "3"], ["4", "5", "6"]]),
    ("1,2,3\r\n4,5,6\n7,8,9\r", [["1", "2", "3"], ["4", "5", "6"], ["7", "8", "9"]]),
    ("1,2,3\r\r\n4,5,6\r\r\n", [["1", "2", "3"], ["4", "5", "6"]]),
    ('1,"",3\n', [["1", "", "3"]]),
]
BROKEN = [
    ('1,"never,3\n2,b,c\n', '1,"never,3\n', [["2", "b", "c"]]),
    ('1,"never,3\n2,"b" ,c\n4,5,6\n', '1,"never,3\n', [["2", "b", "c"], ["4", "5", "6"]]),
    ('1,"x\n2,b,c\n3,"y",d\n', '1,"x\n', [["2", "b", "c"], ["3", "y", "d"]]),
    ('1,"a "b", c",d,e\n2,b,c\n', '1,"a "b", c",d,e\n', [["2", "b", "c"]]),
    ('1,"a"x","y"b","c"\n2,b,c\n', '1,"a"x","y"b","c"\n', [["2", "b", "c"]]),  # two readings
    ('1,""a"",3\n2,b,c\n', '1,""a"",3\n', [["2", "b", "c"]]),
    ('2,b,c\n1,2,"unclosed at the end', '1,2,"unclosed at the end', [["2", "b", "c"]]),
]  # fmt: skip


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    return Home(tmp_path / "home")


def read(text: str) -> Iterator[tuple[list[str | None], str | None]]:
    records = split_records(iter(io.StringIO(text, newline="")), ",")
    next(records)
    return records


@pytest.mark.parametrize(("text", "meant"), MEANT)
def test_what_can_be_read_in_one_way_only_is_read_so(text: str, meant: list[list[str]]) -> None:
    assert list(read(TOP + text)) == [(values, None) for values in meant]


@pytest.mark.parametrize(("text", "line", "others"), BROKEN)
def test_what_cannot_is_one_rejected_line_and_the_rest_goes_on(
    text: str, line: str, others: list[list[str]]
) -> None:
    found = list(read(TOP + text))
    assert [values for values, problem in found if problem] == [[line]]
    assert [values for values, problem in found if not problem] == others


def test_a_header_with_padded_quotes_is_one() -> None:
    records = list(split_records(iter(['"a"  , "b,c" ,"d"\n', "1,2,3\n"]), ","))
    assert records == [(["a", "b,c", "d"], None), (["1", "2", "3"], None)]


def test_a_delivery_with_odd_quotes_loses_one_line_and_the_claim_file_has_its_text(home: Home) -> None:
    rows = '1,"毛巾,两条"    ,2026-01-01\n2,5" pipe,2026-01-01\n3,"gone,2026-01-01\n4,d,2026-01-01\n'
    people = home.source("people", {"a.csv": HEADER + rows})
    (report,) = home.take(people)
    assert (report.rows_in, report.accepted, report.reasons) == (4, 3, {"broken_line": 1})
    assert home.rows() == [("1", "毛巾,两条"), ("2", '5" pipe'), ("4", "d")]
    path, _ = write_claims(people, home.settings, home.keys)
    (claim,) = csv.DictReader(io.StringIO(path.read_text("utf-8-sig")))
    assert (claim["reason_code"], claim["value"]) == ("broken_line", '3,"gone,2026-01-01')


def test_a_line_that_is_no_json_stands_in_the_claim_file(home: Home) -> None:
    people = home.source(
        "people", {"a.jsonl": '{"no": "1", "time": "2026-01-01"}\n{no: 2, time: gone}\n'}, form="jsonl"
    )
    home.take(people)
    path, _ = write_claims(people, home.settings, home.keys)
    (claim,) = csv.DictReader(io.StringIO(path.read_text("utf-8-sig")))
    assert (claim["reason_code"], claim["value"]) == ("broken_json", "{no: 2, time: gone}")


def test_a_file_whose_lines_end_in_a_carriage_return_alone_is_read_whole(home: Home) -> None:
    text = (HEADER + "".join(f"{n},n{n},2026-01-01\n" for n in range(300))).replace("\n", "\r")
    people = home.source("people", {"a.csv": text})
    (report,) = home.take(people)
    assert (report.rows_in, report.accepted) == (300, 300)


@settings(max_examples=200, deadline=None)
@given(
    st.lists(st.lists(st.text('ab ,"\n王', max_size=5), min_size=3, max_size=3), min_size=1, max_size=5),
    st.lists(st.integers(0, 3), min_size=3, max_size=3),
)
def test_padding_behind_closing_quotes_changes_nothing(rows: list[list[str]], pads: list[int]) -> None:
    def line(row: list[str]) -> str:
        cells = ['"' + cell.replace('"', '""') + '"' for cell in row]
        return ",".join(cell + " " * pad for cell, pad in zip(cells, pads, strict=True)) + "\n"

    # A line break or a mark inside may leave two readings: then the line is rejected, and never read otherwise.
    found = list(read(TOP + "".join(map(line, rows))))
    good = [values for values, problem in found if not problem]
    plain = [row for row in rows if not any("\n" in cell or '"' in cell for cell in row)]
    assert [row for row in good if row in plain] == plain
    if not any("\n" in cell or '"' in cell for row in rows for cell in row):
        assert good == rows


@pytest.mark.parametrize("block", [64, 97, 256, 1000])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("inner", ["\n", "\r\n", "\r", '""\n', ",\n"])
def test_a_break_inside_quotes_at_the_end_of_a_block_is_read(
    block: int, end: str, inner: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fast_csv, "_BLOCK", block)
    dice = random.Random(block)
    rows = [
        [str(n), "x" * dice.randrange(9) + inner.replace('""', '"') + "y" * dice.randrange(9), "z"]
        for n in range(400)
    ]
    text = "a,b,c" + end + "".join(f'{n},"{b.replace(chr(34), chr(34) * 2)}",{c}{end}' for n, b, c in rows)
    path = tmp_path / "a.csv"
    path.write_bytes(text.encode())
    server = Server(path="*", format="csv")
    assert [values for _, values, _ in read_delivery(path, server).rows] == rows
    try:
        quick = [
            list(row.values())
            for batch in read_regular(path, server, ["a", "b", "c"])
            for row in batch.to_pylist()
        ]
    except IrregularError:
        return
    assert quick == rows


def test_a_line_with_very_many_marks_ends_in_time_as_ambiguous() -> None:
    assert only_reading('"a" ,' * 200, ",", 100) is None
    assert only_reading('"' + '"a",' * 14 + '"', ",", 9) is None


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.text('ab ,"', max_size=6), min_size=2, max_size=4))
def test_a_proper_line_is_read_as_the_format_reads_it(row: list[str]) -> None:
    text = io.StringIO()
    csv.writer(text, quoting=csv.QUOTE_ALL, lineterminator="\n").writerow(row)
    assert [values for values, _ in read(",".join("abcd"[: len(row)]) + "\n" + text.getvalue())] == [row]
