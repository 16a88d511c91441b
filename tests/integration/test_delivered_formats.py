"""Every form in which a vendor may send the same list gives the same raw rows."""

from __future__ import annotations

import gzip
import io
import json
import zipfile
from datetime import datetime
from pathlib import Path

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from delivery_home import Home

from pipelines.ingest import opening

NAMES = [("1", "张丽华", "13800138000"), ("2", "陈志强,先生", "13900139000"), ("3", "林淑芬", "13700137000")]
HEADER = ["no", "姓名", "手机", "time"]
ROWS = [[*row, "2026-01-01 10:00:00"] for row in NAMES]
WANTED = [(row[0], row[1], row[2]) for row in ROWS]
COLUMNS = "source_record_id, full_name, phone"


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    return Home(tmp_path / "home")


def text(delimiter: str = ",", end: str = "\n") -> str:
    lines = [HEADER, *ROWS]
    return "".join(delimiter.join(f'"{cell}"' for cell in line) + end for line in lines)


def zipped(**members: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name.replace("__", "."), content)
    return buffer.getvalue()


def workbook(*, above: int = 0, sheets: int = 1) -> bytes:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for turn in range(sheets):
        sheet = book.create_sheet(f"2026-0{turn + 1}")
        for _ in range(above):
            sheet.append(["会员名单"])
        sheet.append(HEADER)
        for row in ROWS[turn::sheets]:
            sheet.append(row)
    book.create_sheet("说明").append(["only words"])
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def parquet() -> bytes:
    buffer = io.BytesIO()
    pq.write_table(pa.table(dict(zip(HEADER, map(list, zip(*ROWS, strict=True)), strict=True))), buffer)
    return buffer.getvalue()


JSON = "".join(json.dumps(dict(zip(HEADER, row, strict=True)), ensure_ascii=False) + "\n" for row in ROWS)
TRADITIONAL = text().replace("张丽华", "張麗華").replace("陈志强", "陳志強")


@pytest.mark.parametrize(
    ("content", "form", "options"),
    [
        (text().encode(), "csv", {}),
        (text().encode("utf-8-sig"), "csv", {}),
        (text(end="\r\n").encode("gb18030"), "csv", {"encoding": "gb18030"}),
        (text().encode("gb18030"), "csv", {"encoding": "auto"}),
        (text().encode(), "csv", {"encoding": "auto"}),
        (text().encode("utf-16"), "csv", {"encoding": "utf-16"}),
        (text().encode("utf-16"), "csv", {"encoding": "auto"}),
        (text("\t").encode(), "tsv", {}),
        (text("|").encode(), "csv", {"delimiter": "|"}),
        (gzip.compress(text().encode()), "csv", {}),
        (zipped(a__csv=text().encode()), "csv", {}),
        (zipped(a__csv=text().encode(), readme__txt=b"x"), "csv", {"member": "*.csv"}),
        (("名单\n\n" + text()).encode(), "csv", {"headerRow": 3}),
        (JSON.encode(), "jsonl", {}),
        (gzip.compress(JSON.encode("gb18030")), "jsonl", {"encoding": "gb18030"}),
        (workbook(), "xlsx", {}),
        (workbook(above=2), "xlsx", {"headerRow": 3}),
        (workbook(sheets=2), "xlsx", {"sheet": "2026-*"}),
        (parquet(), "parquet", {}),
    ],
)  # fmt: skip
def test_the_same_list_gives_the_same_rows(
    home: Home, content: bytes, form: str, options: dict[str, object]
) -> None:
    (report,) = home.take(home.source("people", {"a.file": content}, form=form, **options))
    assert report.error_message is None
    assert (report.accepted, report.quarantined) == (3, 0)
    assert home.rows(COLUMNS) == WANTED


@pytest.mark.parametrize("declared", ["big5", "auto"])
def test_big5(home: Home, declared: str) -> None:
    (report,) = home.take(home.source("people", {"a.csv": text_big5()}, encoding=declared))
    assert (report.accepted, report.error_message) == (3, None)
    assert home.rows(COLUMNS)[0][1] == "張麗華"


def text_big5() -> bytes:
    return TRADITIONAL.replace("手机", "手機").encode("big5")


def test_shift_jis_and_latin_1_are_read_as_declared(home: Home) -> None:
    japanese = 'no,姓名,time\n1,"佐藤 ひろみ",2026-01-01\n'.encode("shift_jis")
    assert home.take(home.source("tokyo", {"a.csv": japanese}, encoding="shift_jis"))[0].accepted == 1
    western = b"no,time,nom\n1,2026-01-01,Fran\xe7ois Lef\xe8vre-B\xe9ranger \xc9l\xe9onore\n"
    assert home.take(home.source("paris", {"a.csv": western}, encoding="latin-1"))[0].accepted == 1


@pytest.mark.parametrize(
    ("content", "form", "options", "code"),
    [
        (zipped(a__csv=b"no\n1\n", b__csv=b"no\n1\n"), "csv", {}, "zip_members"),
        (zipped(a__csv=b"no\n1\n")[:-9], "csv", {}, "unreadable"),
        (b"no,time" + b"".join(b",h%d" % n for n in range(10_000)) + b"\n", "csv", {}, "too_many_columns"),
        (b"not a workbook", "xlsx", {}, "unreadable"),
        (workbook(), "xlsx", {"sheet": "nowhere"}, "missing_sheet"),
        (workbook(), "xlsx", {"sheet": "*"}, "sheets_differ"),
        (b"PAR1 no", "parquet", {}, "unreadable"),
    ],
)  # fmt: skip
def test_hostile_files_are_refused_by_name(
    home: Home, content: bytes, form: str, options: dict[str, object], code: str
) -> None:
    (report,) = home.take(home.source("people", {"a.file": content}, form=form, **options))
    assert report.error_code == code


def test_a_bomb_is_stopped_before_it_unfolds(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(opening, "BOMB_BYTES", 1_000_000)
    packed = gzip.compress(b"no,time\n" + b"1,2026-01-01\n" * 1_000_000)
    (report,) = home.take(home.source("people", {"a.csv.gz": packed}))
    assert report.error_code == "decompression_bomb"


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("1," + "x" * 3_000_000 + ",2026-01-01", "broken_line"),
        ('1,"never closed,2026-01-01', "broken_line"),
        ("1,a\x00b,2026-01-01", None),
        ("1,=cmd|calc,2026-01-01", None),
    ],
)
def test_hostile_rows_are_quarantined_or_taken(home: Home, row: str, reason: str | None) -> None:
    (report,) = home.take(home.source("people", {"a.csv": f"no,姓名,time\n{row}\n"}))
    assert report.status == "accepted"
    assert set(report.reasons) == ({reason} if reason else set())


def test_deep_json_and_lone_surrogates_do_no_harm(home: Home) -> None:
    lines = "[" * 200_000 + '\n{"no": "1", "time": "2026-01-01", "姓名": "\\ud800"}\n'
    (report,) = home.take(home.source("people", {"a.jsonl": lines}, form="jsonl"))
    assert (report.accepted, report.reasons) == (1, {"broken_json": 1})


def test_late_and_corrected_deliveries_keep_their_history(home: Home) -> None:
    contract = home.source("people", {"a.csv": "no,姓名,time\n1,a,2026-01-01\n2,b,2026-01-01\n"})
    assert home.take(contract)[0].accepted == 2
    (home.landing("people") / "b.csv").write_text("no,姓名,time\n1,c,2026-01-02\n2,b,2026-01-01\n", "utf-8")
    report = home.take(contract, datetime(2026, 1, 3))[1]
    assert (report.accepted, report.duplicate) == (1, 1)
    assert home.rows() == [("1", "a"), ("1", "c"), ("2", "b")]


def test_a_snapshot_closes_what_it_lacks_and_a_shrunken_one_is_refused(home: Home) -> None:
    mode = "customProperties:\n  - {property: deliveryMode, value: snapshot}"
    full = "no,姓名,time\n" + "".join(f"{n},a,2026-01-01\n" for n in range(4))
    contract = home.source("people", {"a.csv": full}, more=mode)
    assert home.take(contract)[0].accepted == 4
    (home.landing("people") / "b.csv").write_text("".join(full.splitlines(keepends=True)[:4]), "utf-8")
    assert home.take(contract, datetime(2026, 1, 3))[1].closed == 1
    assert ("3", "close") in home.rows("source_record_id, operation")
    (home.landing("people") / "c.csv").write_text("no,姓名,time\n1,a,2026-01-01\n", "utf-8")
    assert home.take(contract, datetime(2026, 1, 4))[2].error_code == "shrink"


def test_what_a_spreadsheet_did_to_numbers_is_mended_or_told_never_guessed(home: Home) -> None:
    rows = "1,13800138000.0,2026-01-01\n2,1.38001E+10,2026-01-01\n3,13700137000,2026-01-01\n"
    (report,) = home.take(home.source("people", {"a.csv": "no,手机,time\n" + rows}))
    assert report.repairs == {"decimal_ending:phone": 1, "unparsed:phone": 1}
    assert home.rows("source_record_id, phone") == [("1", "13800138000"), ("2", None), ("3", "13700137000")]
    assert "1.38001E+10" in str(home.rows("extra"))
