"""Files whose header does not stand where the contract says."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest
from delivery_home import HEADER, Home

ROWS = "1,a,2026-01-01\n2,b,2026-01-01\n"
NOTES = [f"说明 {n}" for n in range(40)]


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    return Home(tmp_path / "home")


@pytest.mark.parametrize(
    ("declared", "above"),
    [(None, 1), (None, 30), (3, 0), (3, 1), (3, 3), (3, 25), (17, 17), (17, 15), (17, 2)],
)
def test_a_header_that_moved_is_found_by_its_names(declared: int | None, above: int, home: Home) -> None:
    text = "".join(f"{note}\n" for note in NOTES[:above]) + HEADER + ROWS
    options = {"headerRow": declared} if declared else {}
    people = home.source("people", {"a.csv": text}, **options)
    (report,) = home.take(people)
    assert (report.status, report.rows_in, report.accepted) == ("accepted", 2, 2)
    assert (
        report.warnings[0]
        == f"the header stands on line {above + 1}, not on line {declared or 1} as the contract says; read from there"
    )
    assert home.rows() == [("1", "a"), ("2", "b")]


def test_a_header_where_the_contract_says_is_told_nothing_of(home: Home) -> None:
    people = home.source("people", {"a.csv": "说明\n说明\n" + HEADER + ROWS}, headerRow=3)
    (report,) = home.take(people)
    assert [told for told in report.warnings if "line" in told] == []


@pytest.mark.parametrize("above", [0, 1, 4, 30])
def test_a_header_that_moved_in_a_workbook_is_found(above: int, home: Home) -> None:
    book = openpyxl.Workbook()
    for note in NOTES[:above]:
        book.active.append([note])
    for row in (["no", "姓名", "time"], ["1", "a", "2026-01-01"]):
        book.active.append(row)
    people = home.source("people", form="xlsx", headerRow=3)
    book.save(home.landing("people") / "a.xlsx")
    (report,) = home.take(people)
    assert (report.status, report.accepted) == ("accepted", 1)


def test_a_title_whose_cells_repeat_or_are_blank_hides_no_header(home: Home) -> None:
    text = "report,report,report\n,,\n" + HEADER + ROWS
    people = home.source("people", {"a.csv": text})
    assert [report.accepted for report in home.take(people)] == [2]


def test_of_two_lines_with_the_names_the_nearest_with_most_is_taken(home: Home) -> None:
    text = "no,time\n" + HEADER + ROWS
    people = home.source("people", {"a.csv": text}, headerRow=5)
    (report,) = home.take(people)
    assert report.accepted == 2
    assert home.rows() == [("1", "a"), ("2", "b")]


def test_a_header_that_is_nowhere_is_told_with_the_line_that_is_most_like_it(home: Home) -> None:
    text = "说明\n姓名,手机,when\na,13925554001,2026-01-01\n"
    people = home.source("people", {"a.csv": text})
    (report,) = home.take(people)
    assert report.error_code == "missing_column"
    assert report.error_message == (
        "a.csv lacks no, time, which the contract requires; deliver it again with them. Line 2 has most of its names; is "
        "that the header?"
    )


def test_a_lone_word_of_a_note_is_no_header(home: Home) -> None:
    people = home.source("people", {"a.csv": "time\n1,a,2026-01-01\n"})
    (report,) = home.take(people)
    assert report.error_message == "a.csv lacks no, which the contract requires; deliver it again with them."
