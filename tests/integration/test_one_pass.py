"""Rows that pass through once come out as if all had been looked at together: the first of rows alike is taken, none is lost."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import numpy as np
import pytest
from delivery_home import HEADER, Home

from pipelines.ingest import repeats
from pipelines.ingest.repeats import Repeats

PLAIN, ODD = "{0},Ann Lee,2026-01-01\n", "{0}, Ann Lee ,2026-01-01\n"


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    return Home(tmp_path / "home")


def numbers(home: Home) -> list[tuple[object, ...]]:
    return sorted(home.rows("row_number, source_record_id, full_name"))


def test_an_odd_row_above_a_plain_one_that_says_the_same_is_the_first(home: Home) -> None:
    contract = home.source("people", {"a.csv": HEADER + ODD.format(1) + PLAIN.format(2) + PLAIN.format(1)})
    (report,) = home.take(contract)
    assert (report.accepted, report.duplicate, report.repairs) == (2, 1, {"spaces:full_name": 1})
    assert numbers(home) == [(1, "1", "Ann Lee"), (2, "2", "Ann Lee")]


def test_a_plain_row_above_an_odd_one_that_says_the_same_is_the_first(home: Home) -> None:
    contract = home.source("people", {"a.csv": HEADER + PLAIN.format(1) + ODD.format(1) + PLAIN.format(1)})
    (report,) = home.take(contract)
    assert (report.accepted, report.duplicate, report.repairs) == (1, 2, {})
    assert numbers(home) == [(1, "1", "Ann Lee")]


def test_what_the_filter_takes_for_a_repetition_is_not_lost(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(repeats, "_MOST_PLACES", 4)  # sixteen places for a thousand rows
    monkeypatch.setattr(repeats, "_FEWEST_PLACES", 4)
    rows = "".join(PLAIN.format(n) for n in range(1000))
    contract = home.source("people", {"a.csv": HEADER + rows + PLAIN.format(500)})
    (report,) = home.take(contract)
    assert (report.accepted, report.duplicate) == (1000, 1)
    assert [row[0] for row in numbers(home)] == [*range(1, 1001)]
    (home.landing("people") / "b.csv").write_text(HEADER + PLAIN.format(7) + PLAIN.format(1001), "utf-8")
    again = next(one for one in home.take(contract, datetime(2026, 1, 3)) if one.file_name == "b.csv")
    assert (again.accepted, again.duplicate) == (1, 1)


def test_a_refused_delivery_leaves_no_rows(home: Home) -> None:
    rows = "".join(f"{n},a,never\n" for n in range(30))
    contract = home.source("people", {"a.csv": HEADER + rows + PLAIN.format(1)})
    assert [one.error_code for one in home.take(contract)] == ["too_many_quarantined"]
    assert not [path for path in home.root.glob("raw/*/people/*") if path.is_file()]


def test_a_row_that_surely_stands_for_the_first_time_was_never_seen() -> None:
    seen = Repeats(100)
    keys, rows = np.array([1, 2, 1, 3], np.uint64), np.array([9, 9, 9, 9], np.uint64)
    seen.note(np.array([3], np.uint64), np.array([9], np.uint64))
    assert seen.first(keys, rows, np.arange(4)).tolist() == [True, True, False, False]
    assert not seen.first(keys, rows, np.arange(4)).any()
    assert [part.tolist() for part in seen.passed()] == [[1, 2], [9, 9], [0, 1]]
