"""Delivered files: readable as their contracts say, complete against the truth, the same bytes every time."""

from __future__ import annotations

import csv
import gzip
import hashlib
import json
from collections import Counter
from datetime import date, datetime
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from python_calamine import CalamineWorkbook

from pipelines.demo.desk import SOURCES
from pipelines.demo.followup import generate_followup
from pipelines.demo.generate import DemoSummary, generate_demo
from pipelines.demo.layouts import Cells, layout_of
from pipelines.demo.truth import TRUTH_COLUMNS, read_truth
from pipelines.errors import UcvError

AS_OF = date(2026, 3, 1)
PEOPLE = 600


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("demo_home")


@pytest.fixture(scope="module")
def summary(home: Path) -> DemoSummary:
    return generate_demo(home, PEOPLE, as_of=AS_OF)


def _good_rows(path: Path, source: str) -> tuple[int, list[Cells]]:
    """(rows in the file, those that a strict reader takes: right shape, with key, time and known words)."""
    layout = layout_of(source)
    server = layout.contract.server
    if server.format == "parquet":
        rows = [
            {name: str(cell) for name, cell in row.items() if cell is not None}
            for row in pq.read_table(path).to_pylist()
        ]
        return len(rows), [row for row in rows if _is_good(row, source)]
    if server.format == "xlsx":
        header, *cells = CalamineWorkbook.from_path(path).get_sheet_by_name(str(server.sheet)).to_python()
        rows = [dict(zip(map(str, header), map(str, row), strict=True)) for row in cells]
        return len(rows), [row for row in rows if _is_good(row, source)]
    content = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    text = content.decode(server.encoding)
    if server.format == "jsonl":
        lines = text.splitlines()
        rows = [json.loads(line) for line in lines if line.endswith('"}')]
        return len(lines), [row for row in rows if _is_good(row, source)]
    header, *listed = csv.reader(text.splitlines(), delimiter=server.delimiter)
    assert header == layout.header
    rows = [dict(zip(header, row, strict=True)) for row in listed if len(row) == len(header)]
    return len(listed), [row for row in rows if _is_good(row, source)]


def _is_good(row: Cells, source: str) -> bool:
    layout = layout_of(source)
    for column in layout.contract.columns:
        text = row.get(column.physical_name, "")
        if column.required and not text:
            return False
        if column.field == layout.event_field:
            try:
                datetime.strptime(text, layout.formats[column.field] or "%Y-%m-%d %H:%M:%S")
            except ValueError:
                return False
        if column.field in {"interaction_type", "reason", "result", "role", "scope"} and text in {
            "telepathy", "because", "maybe", "mascot", "galaxy",
        }:  # fmt: skip
            return False
    return True


def test_truth_covers_every_good_row_exactly_once(home: Path, summary: DemoSummary) -> None:
    truth = read_truth(home)
    assert tuple(truth.columns) == TRUTH_COLUMNS
    assert not truth.duplicated(["source_system", "source_record_id"]).any()
    repeated = broken = 0
    for source in SOURCES:
        (path,) = (home / "landing" / source).iterdir()
        count, good = _good_rows(path, source)
        keys = Counter(row[layout_of(source).physical["source_record_id"]] for row in good)
        assert set(keys) == set(truth.loc[truth["source_system"] == source, "source_record_id"]), source
        assert count == summary.rows[source]
        broken += count - len(good)
        repeated += len(good) - len(keys)
    assert (broken, repeated) == (summary.broken, summary.repeated)
    assert summary.records == len(truth)
    assert broken >= len(SOURCES)


def test_truth_says_who_is_a_person_an_organisation_or_nobody(home: Path, summary: DemoSummary) -> None:
    truth = read_truth(home)
    kinds = truth.groupby("entity_type")["person_id"]
    assert kinds.get_group("person").str.startswith("P").all()
    assert kinds.get_group("organisation").str.startswith("O").all()
    assert truth.loc[truth["entity_type"] == "anonymous", "person_id"].isna().all()
    assert truth.loc[truth["entity_type"] == "person", "person_id"].nunique() == PEOPLE


def test_truth_lies_outside_landing(home: Path, summary: DemoSummary) -> None:
    assert summary.truth_path.is_relative_to(home / "demo")


def test_files_lie_where_the_contracts_look(home: Path, summary: DemoSummary) -> None:
    for source in SOURCES:
        assert len(list(home.glob(layout_of(source).contract.server.path))) == 1


def test_the_same_call_writes_the_same_bytes(home: Path, summary: DemoSummary, tmp_path: Path) -> None:
    again = generate_demo(tmp_path, PEOPLE, as_of=AS_OF)
    assert (again.rows, again.records) == (summary.rows, summary.records)
    assert _digests(tmp_path) == _digests(home)


def _digests(home: Path) -> dict[Path, str]:
    return {
        path.relative_to(home): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(home.rglob("*"))
        if path.is_file()
    }


def test_a_contract_that_is_there_stays(tmp_path: Path) -> None:
    (tmp_path / "contracts").mkdir()
    own = tmp_path / "contracts" / "prize_cards.yml"
    own.write_text("mine", encoding="utf-8")
    generate_demo(tmp_path, 20, as_of=AS_OF)
    assert own.read_text(encoding="utf-8") == "mine"


def test_no_people_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UcvError, match="ask for 1 or more"):
        generate_demo(tmp_path, 0, as_of=AS_OF)


def test_truth_of_a_home_without_demo_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UcvError, match="holds no demo"):
        read_truth(tmp_path)


def test_one_person_is_enough_and_progress_is_told(tmp_path: Path) -> None:
    told: list[int] = []
    summary = generate_demo(tmp_path, 1, as_of=AS_OF, progress=told.append)
    assert told == [1]
    assert summary.records >= 1


def test_followup_adds_events_corrections_and_people(tmp_path: Path) -> None:
    generate_demo(tmp_path, PEOPLE, as_of=AS_OF)
    first = read_truth(tmp_path)
    summary = generate_followup(tmp_path, PEOPLE, as_of=AS_OF)
    both = read_truth(tmp_path)
    assert len(both) == len(first) + summary.records
    assert not both.duplicated(["source_system", "source_record_id"]).any()
    old = set(first["person_id"].dropna())
    new = both.iloc[len(first) :]["person_id"].dropna()
    assert new.isin(old).any()
    assert not new.isin(old).all()
    corrected = _corrected_keys(tmp_path)
    assert corrected
    assert corrected <= set(first["source_record_id"])


def _corrected_keys(home: Path) -> set[str]:
    found = set()
    for source in ("member_club", "web_registrations"):
        key = layout_of(source).physical["source_record_id"]
        first, later = sorted((home / "landing" / source).iterdir())
        earlier = {row[key]: row for row in _good_rows(first, source)[1]}
        for row in _good_rows(later, source)[1]:
            if row[key] in earlier:
                assert row != earlier[row[key]]
                found.add(row[key])
    return found


def test_followup_must_come_later(tmp_path: Path) -> None:
    with pytest.raises(UcvError, match="does not come after"):
        generate_followup(tmp_path, 10, as_of=AS_OF, delivered_on=AS_OF)
