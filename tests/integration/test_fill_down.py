"""Order fields that stand on an order's first line only: filled down where the contract says so, and nowhere else."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path

import duckdb
import pytest
from delivery_home import LOADED, Home
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.contracts.load import load_contract, load_contracts
from pipelines.contracts.model import Contract
from pipelines.ingest.fill_down import filled_sql
from pipelines.ingest.report import DeliveryReport
from pipelines.ingest.source import ingest_source

CONTRACT = """
apiVersion: v3.1.0
kind: DataContract
id: shop
name: Shop
version: 1.0.0
status: active
servers:
  - {{server: landing, type: local, path: "landing/shop/*", format: csv}}
schema:
  - name: transaction
    logicalType: object
    properties:
      - {{name: transaction_id, physicalName: order, logicalType: string, required: true, primaryKey: true{id}}}
      - {{name: line_number, physicalName: line, logicalType: integer, primaryKey: true}}
      - {{name: transacted_at, physicalName: time, logicalType: timestamp, required: true{time}}}
      - {{name: currency, physicalName: cur, logicalType: string{currency}}}
      - {{name: full_name, physicalName: buyer, logicalType: string{name}}}
      - {{name: amount, logicalType: number}}
"""
HEADER = "order,line,time,cur,buyer,amount\n"
WITHIN = ", customProperties: [{property: fillDown, value: transaction_id}]"
ABOVE = ", customProperties: [{property: fillDown, value: above}]"


def contract(root: Path, **options: str) -> Contract:
    path = root / "contracts" / "shop.yml"
    path.parent.mkdir(exist_ok=True, parents=True)
    path.write_text(CONTRACT.format(**{"id": "", "time": "", "currency": "", "name": "", **options}), "utf-8")
    return load_contract(path, root)


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    return Home(tmp_path / "home")


def take(home: Home, text: str, **options: str) -> DeliveryReport:
    found = contract(home.root, **options)
    home.landing("shop").mkdir(exist_ok=True)
    (home.landing("shop") / "a.csv").write_text(text, "utf-8")
    (report,) = ingest_source(found, home.settings, home.keys, LOADED).deliveries
    assert report.rows_in == report.accepted + report.quarantined + report.duplicate
    return report


def stored(home: Home) -> list[tuple[object, ...]]:
    return home.rows("transaction_id, line_number, currency, full_name, amount::INTEGER", "transaction")


ROWS = "T1,1,2026-06-01,EUR,Ida,10\nT1,2,, ,,20\nT2,1,2026-06-02,,Tom,5\nT2,2,,,,6\nT1,3,,\u3000,,30\nT3,1,2026-06-03,CHF,,7\n"


def test_a_blank_takes_the_value_of_its_order_and_of_no_other(home: Home) -> None:
    report = take(home, HEADER + ROWS, time=WITHIN, currency=WITHIN, name=WITHIN)
    assert stored(home) == [
        ("T1", 1, "EUR", "Ida", 10), ("T1", 2, "EUR", "Ida", 20), ("T1", 3, "EUR", "Ida", 30), ("T2", 1, None, "Tom", 5),
        ("T2", 2, None, "Tom", 6), ("T3", 1, "CHF", None, 7),
    ]  # fmt: skip
    told = {name: count for name, count in report.repairs.items() if name.startswith("filled")}
    assert told == {"filled_down:transacted_at": 3, "filled_down:currency": 2, "filled_down:full_name": 3}


def test_nothing_is_filled_that_the_contract_does_not_name(home: Home) -> None:
    report = take(home, HEADER + ROWS, time=WITHIN)
    assert stored(home)[1] == ("T1", 2, None, None, 20)
    assert report.repairs == {"filled_down:transacted_at": 3}
    report = take(home, HEADER + ROWS.replace("T3", "T4"))
    assert report.reasons == {"missing_required:transacted_at": 3}


def test_a_number_in_merged_cells_holds_for_the_lines_below_it(home: Home) -> None:
    rows = "T1,1,2026-06-01,EUR,Ida,10\n,2,,,,20\nT2,1,2026-06-02,,Tom,5\n,2,,,,6\n"
    take(home, HEADER + rows, id=ABOVE, time=WITHIN, name=WITHIN, currency=WITHIN)
    assert stored(home) == [
        ("T1", 1, "EUR", "Ida", 10), ("T1", 2, "EUR", "Ida", 20), ("T2", 1, None, "Tom", 5), ("T2", 2, None, "Tom", 6),
    ]  # fmt: skip


def test_a_total_below_an_order_takes_nothing_from_it_and_stays_a_total(home: Home) -> None:
    rows = "T1,1,2026-06-01,EUR,Ida,10\n,2,,,,20\n,,,,合计,30\n小计,,,,,30\n,,,,,\n"
    report = take(home, HEADER + rows, id=ABOVE, time=ABOVE, name=WITHIN)
    assert report.reasons == {"total_row": 2, "blank_row": 1}
    assert report.accepted == 2


def test_a_line_of_another_width_neither_gives_nor_takes(home: Home) -> None:
    rows = "T1,1,2026-06-01,EUR,Ida,10\nT1,2,2026-06-01,CHF,Tom\nT1,3,,,,30\n"
    report = take(home, HEADER + rows, time=WITHIN, currency=WITHIN, name=WITHIN)
    assert report.reasons == {"wrong_column_count": 1}
    assert stored(home)[1] == ("T1", 3, "EUR", "Ida", 30)


def test_an_order_whose_first_line_is_rejected_still_gives_its_fields(home: Home) -> None:
    rows = "T1,1,2026-06-01,EUR,Ida,ten\nT1,2,,,,20\n"
    report = take(home, HEADER + rows, time=WITHIN, currency=WITHIN, name=WITHIN)
    assert report.reasons == {"bad_number:amount": 1}
    assert stored(home) == [("T1", 2, "EUR", "Ida", 20)]


@pytest.mark.parametrize("wrong", ["transactionid", "phone", "currency"])
def test_a_contract_that_fills_within_what_it_does_not_have_is_refused(wrong: str, tmp_path: Path) -> None:
    text = CONTRACT.format(id="", time="", name="", currency=WITHIN.replace("transaction_id", wrong))
    (tmp_path / "contracts").mkdir()
    (tmp_path / "contracts" / "shop.yml").write_text(text, "utf-8")
    problems = load_contracts(tmp_path).problems
    assert [problem.received for problem in problems] == [wrong]
    assert "the cell above holds" in problems[0].expected


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.tuples(st.sampled_from(["A", "B", "", None]), st.sampled_from(["1", "2", "", " ", None])),
        max_size=12,
    )
)
def test_filling_is_what_a_person_reading_down_the_list_would_do(
    rows: list[tuple[str | None, str | None]],
) -> None:
    with tempfile.TemporaryDirectory() as folder, duckdb.connect() as conn:
        found = contract(Path(folder), currency=WITHIN)
        conn.execute(
            "CREATE TABLE given (row_number BIGINT, problem VARCHAR, broken VARCHAR, c0 VARCHAR, c1 VARCHAR)"
        )
        for number, (order, cell) in enumerate(rows):
            conn.execute("INSERT INTO given VALUES (?, NULL, NULL, ?, ?)", [number, order, cell])
        sql = f"SELECT c1, filled FROM {filled_sql(found, ['order', 'cur'], 'given')} ORDER BY row_number"
        got = [((cell or "").strip(), filled) for cell, filled in conn.execute(sql).fetchall()]
    last: dict[str, str] = {}
    wanted = []
    for order, cell in rows:
        own = (cell or "").strip()
        lent = last.get(order, "") if order and not own else ""
        if order and own:
            last[order] = own
        wanted.append((own or lent, "currency" if lent else None))
    assert got == wanted, json.dumps(rows)
