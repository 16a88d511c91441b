"""Rows of erased people are found as ingest reads a file: blanks filled down, the header where it moved to, odd quotes mended."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from pipelines.contracts.load import load_contract
from pipelines.contracts.model import Contract
from pipelines.ingest.fill_down import Fill, Filler
from pipelines.ingest.people import ERASED, Judged, judge_file
from pipelines.ingest.without_rows import write_without

CONTRACT = """
apiVersion: v3.1.0
kind: DataContract
id: shop
name: Orders of a shop
version: 1.0.0
status: active
servers:
  - {server: landing, type: local, path: landing/shop/*.csv, format: csv}
schema:
  - name: transaction
    logicalType: object
    properties:
      - {name: transaction_id, physicalName: order, logicalType: string, required: true, primaryKey: true, primaryKeyPosition: 1}
      - {name: product_id, physicalName: item, logicalType: string, required: true, primaryKey: true, primaryKeyPosition: 2}
      - {name: transacted_at, physicalName: at, logicalType: timestamp, required: true}
      - name: full_name
        physicalName: buyer
        logicalType: string
        classification: pii
        customProperties: [{property: fillDown, value: transaction_id}]
customProperties:
  - {property: defaultCountry, value: GB}
"""
ORDERS = "order,item,at,buyer\n1,mug,2026-01-02,SECRET\n1,tray,2026-01-02,\n2,cup,2026-01-03,Ann Lee\n2,jug,2026-01-03,\n"


class OneErased:
    """Whoever is called SECRET is erased."""

    is_idle = False

    def has_record(self, source: str, record: str) -> bool:
        return False

    def verdict(self, contract: Contract, record: str | None, values: Mapping[str, Any]) -> str | None:
        return ERASED if values.get("full_name") == "SECRET" else None

    def verdict_of_line(self, contract: Contract, text: str) -> str | None:
        return ERASED if "SECRET" in text else None


@pytest.fixture
def contract(tmp_path: Path) -> Contract:
    path = tmp_path / "contracts" / "shop.yml"
    path.parent.mkdir()
    path.write_text(CONTRACT, "utf-8")
    return load_contract(path, tmp_path)


def judged(tmp_path: Path, contract: Contract, text: str) -> tuple[Judged, str]:
    """What was found in a file of this text, and the file without it."""
    path, target = tmp_path / "orders.csv", tmp_path / "kept.csv"
    path.write_bytes(text.encode())
    found = judge_file(path, contract, OneErased())
    write_without(path, target, found.server, frozenset(found.erased))
    return found, target.read_bytes().decode()


def test_further_lines_of_an_order_go_with_its_first(tmp_path: Path, contract: Contract) -> None:
    found, kept = judged(tmp_path, contract, ORDERS)
    assert (found.erased, found.rows) == ((1, 2), 4)
    assert kept == "order,item,at,buyer\n2,cup,2026-01-03,Ann Lee\n2,jug,2026-01-03,\n"


def test_rows_below_a_header_that_moved_are_found(tmp_path: Path, contract: Contract) -> None:
    above = "Orders of the week\nprinted on Friday,,,\n"
    found, kept = judged(tmp_path, contract, above + ORDERS)
    assert found.erased == (1, 2)
    assert kept == above + "order,item,at,buyer\n2,cup,2026-01-03,Ann Lee\n2,jug,2026-01-03,\n"


def test_a_line_that_only_one_reading_fits_goes_whole(tmp_path: Path, contract: Contract) -> None:
    odd = '1,"tray, 5" wide",2026-01-02,SECRET\n2,cup,2026-01-03,Ann Lee\n'
    found, kept = judged(tmp_path, contract, "order,item,at,buyer\n" + odd)
    assert found.erased == (1,)
    assert kept == "order,item,at,buyer\n2,cup,2026-01-03,Ann Lee\n"


def test_a_file_that_lacks_a_column_is_searched_all_the_same(tmp_path: Path, contract: Contract) -> None:
    found, kept = judged(tmp_path, contract, "order,buyer\n1,SECRET\n2,Ann Lee\n")
    assert found.erased == (1,)
    assert kept == "order,buyer\n2,Ann Lee\n"


def test_cells_are_filled_within_their_group_or_from_any_row_above() -> None:
    within, above = Filler([Fill("name", 1, 0)]), Filler([Fill("name", 1, None)])
    rows: list[list[str | None]] = [["1", "Ann"], ["2", None], ["1", " "], [None, ""]]
    assert [within.fill(row)[1] for row in rows] == ["Ann", None, "Ann", ""]
    assert [above.fill(row)[1] for row in rows] == ["Ann", "Ann", "Ann", "Ann"]
