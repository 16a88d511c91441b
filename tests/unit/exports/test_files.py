"""Files: machines get values as they are, spreadsheets get nothing that they would run, platforms get hashes alone."""

from __future__ import annotations

import csv
import stat
from datetime import date
from pathlib import Path

import openpyxl
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.exports.files import safe_cell, write_export
from pipelines.exports.hashing import hashed_email
from pipelines.exports.quiet_hours import allowed_hours
from pipelines.exports.receivers import Receiver
from pipelines.exports.request import ExportError, Request, check_request
from pipelines.exports.rows import Recipient

ROWS = [
    Recipient("r1", '=cmd|"/C calc"!A0', "a@example.com"),
    Recipient("r2", '李, "娜"\nx', "b@example.com"),
    Recipient("r3", "", "+8613800000000"),
]


MAIL_HOUSE = Receiver("house", "Mail house", "processor", "CN", "C-1", None)


def request(form: str = "csv", **changes: object) -> Request:
    values = {
        "export_id": "one", "audience": "all", "audience_hash": "", "channel": "email", "purpose": "marketing", "form": form,
        "campaign": "c", "day": date(2031, 1, 1), "hold_out": 0.0, "cap": None, "receiver": MAIL_HOUSE,
    }  # fmt: skip
    return Request(**{**values, **changes})  # type: ignore[arg-type]


def cells(path: Path, encoding: str) -> list[list[str]]:
    with path.open(encoding=encoding, newline="") as stream:
        return list(csv.reader(stream))


def test_raw_csv_and_parquet_hold_values_as_they_are(tmp_path: Path) -> None:
    expected = [[row.recipient, row.name, row.value] for row in ROWS]
    assert cells(write_export(tmp_path / "a", request(), ROWS), "utf-8") == [
        ["recipient", "name", "email"],
        *expected,
    ]
    table = pq.read_table(write_export(tmp_path / "b", request("parquet"), ROWS))
    assert table.column_names == ["recipient", "name", "email"]
    assert [list(row.values()) for row in table.to_pylist()] == expected
    assert pq.read_table(write_export(tmp_path / "c", request("parquet"), [])).num_rows == 0


def test_files_are_the_owners_alone(tmp_path: Path) -> None:
    path = write_export(tmp_path / "a", request(), ROWS)
    assert (stat.S_IMODE(path.stat().st_mode), stat.S_IMODE(path.parent.stat().st_mode)) == (0o600, 0o700)


def test_a_spreadsheet_runs_nothing_and_reads_hanzi(tmp_path: Path) -> None:
    path = write_export(tmp_path / "a", request("spreadsheet"), ROWS)
    assert path.read_bytes().startswith(b"\xef\xbb\xbf")
    found = cells(path, "utf-8-sig")[1:]
    assert [row[1] for row in found] == ["'" + ROWS[0].name, ROWS[1].name, ""]
    assert found[2][2] == "'+8613800000000"
    sheet = openpyxl.Workbook().active  # this library also takes a text with = in front for a formula
    assert sheet is not None
    for number, row in enumerate(found, start=1):
        sheet.cell(number, 1).value = row[1]
        assert sheet.cell(number, 1).data_type != "f"


@given(st.text(max_size=12))
def test_no_cell_begins_as_a_formula(text: str) -> None:
    shown = safe_cell(text)
    assert shown in (text, f"'{text}")
    assert not shown.strip(" \t\r\n\u3000\u00a0\ufeff\u200b").startswith(
        ("=", "+", "-", "@", "|", "%", "＝", "＋", "－", "＠")
    )
    assert not (shown.strip() and shown.startswith(("\t", "\r", "\n")))


def test_a_hashed_file_has_hashes_and_nothing_else(tmp_path: Path) -> None:
    found = cells(write_export(tmp_path / "a", request("hashed"), ROWS[:2]), "utf-8")
    assert found[0] == ["Email"]
    assert (
        sorted(found[1:])
        == found[1:]
        == sorted([[hashed_email("a@example.com")], [hashed_email("b@example.com")]])
    )


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"channel": "fax"}, "--channel is 'fax'"),
        ({"channel": "wechat"}, "--channel is 'wechat'"),
        ({"form": "exe"}, "--format is 'exe'"),
        ({"form": "hashed", "channel": "post"}, "Hashed files hold"),
        ({"form": "hashed", "receiver": None}, "name who gets it with --to"),
        ({"export_id": "../x"}, "--export-id is"),
        ({"export_id": ""}, "--export-id is"),
        ({"export_id": "a" * 65}, "--export-id is"),
        ({"export_id": "a\n"}, "--export-id is"),
        ({"campaign": "a/b"}, "--campaign is"),
        ({"hold_out": 1.0}, "--hold-out is 1"),
        ({"hold_out": -0.1}, "--hold-out is -0.1"),
        ({"hold_out": float("nan")}, "--hold-out is nan"),
    ],
)
def test_what_no_export_has_is_refused(changes: dict[str, object], told: str) -> None:
    with pytest.raises(ExportError, match=told):
        check_request(request(**changes))  # type: ignore[arg-type]


def test_a_file_for_the_telephone_tells_when_each_number_may_be_called(tmp_path: Path) -> None:
    rows = [
        Recipient("r1", "", "+8613800000000"),
        Recipient("r2", "", "+33612345678"),
        Recipient("r3", "", "13800"),
    ]
    for channel in ("phone", "sms"):
        header, *found = cells(write_export(tmp_path / channel, request(channel=channel), rows), "utf-8")
        assert header == ["recipient", "name", "phone", "country", "allowed_hours"]
        assert [row[3:] for row in found] == [
            ["CN", "Mon-Sun 09:00-21:00"], ["FR", "Mon-Fri 10:00-20:00"], ["*", "Mon-Sat 09:00-20:00"],
        ]  # fmt: skip
    assert allowed_hours("BR") == allowed_hours("*")
