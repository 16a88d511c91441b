"""What spreadsheets, keyboards and systems do to values is mended and counted by column, or told; never guessed."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from pathlib import Path

import pytest
from delivery_home import Home

CONTRACT = """
apiVersion: v3.1.0
kind: DataContract
id: shop
name: Shop
version: 1.0.0
status: active
servers:
  - {server: landing, type: local, path: "landing/shop/*", format: csv, customProperties: [{property: delimiter, value: ";"}]}
schema:
  - name: transaction
    logicalType: object
    properties:
      - {name: transaction_id, physicalName: id, logicalType: string, required: true, primaryKey: true}
      - {name: transacted_at, physicalName: at, logicalType: timestamp, required: true}
      - {name: amount, physicalName: 金额, logicalType: number, required: true}
      - {name: phone, physicalName: 手机, logicalType: string}
customProperties:
  - {property: defaultCountry, value: CN}
  - {property: maxQuarantineShare, value: 1}
"""


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    return Home(tmp_path / "home")


def shop(home: Home, **cells: str) -> tuple[dict[str, int], dict[str, int], list[tuple[object, ...]]]:
    """Repairs, reasons and values of one row that is ordinary but for `cells`."""
    from pipelines.contracts.load import load_contract  # noqa: PLC0415

    path = home.root / "contracts" / "shop.yml"
    path.write_text(CONTRACT, encoding="utf-8")
    row = {"id": "1", "at": "2026-01-02 10:00:00", "amount": "12.5", "phone": "13800138000", **cells}
    home.landing("shop").mkdir(exist_ok=True)
    (home.landing("shop") / "a.csv").write_text("id;at;金额;手机\n" + ";".join(row.values()) + "\n", "utf-8")
    (report,) = home.take(load_contract(path, home.root))
    assert report.error_message is None
    found = home.rows("transacted_at, amount, phone", kind="transaction")
    return report.repairs, report.reasons, found


ORDINARY = (datetime(2026, 1, 2, 10), Decimal("12.5000"), "13800138000")


@pytest.mark.parametrize(
    ("cells", "repairs", "value"),
    [
        ({}, {}, ORDINARY),
        ({"at": "46024.4166666667"}, {"spreadsheet_serial:transacted_at": 1}, ORDINARY),
        ({"at": "1767348000"}, {"epoch:transacted_at": 1}, ORDINARY),
        ({"at": "2026/1/2 10:00"}, {"date_form:transacted_at": 1}, ORDINARY),
        ({"at": "2026年1月2日 10:00"}, {"date_form:transacted_at": 1}, ORDINARY),
        ({"at": "02 Jan 2026 10:00"}, {"date_form:transacted_at": 1}, ORDINARY),
        ({"phone": "13800138000.0"}, {"decimal_ending:phone": 1}, ORDINARY),
        ({"phone": "１３８００１３８０００"}, {"full_width:phone": 1}, ORDINARY),
        ({"phone": "13800138000  "}, {"spaces:phone": 1}, ORDINARY),
        ({"phone": "\u300013800138000\u00a0\t"}, {"spaces:phone": 1}, ORDINARY),
        ({"phone": "1.38001E+10"}, {"unparsed:phone": 1}, (*ORDINARY[:2], None)),
        ({"amount": "￥12.50"}, {"number_signs:amount": 1}, ORDINARY),
        ({"amount": "12.5元"}, {"number_signs:amount": 1}, ORDINARY),
        ({"amount": "CNY 12.50"}, {"number_signs:amount": 1}, ORDINARY),
        ({"amount": "１２．５"}, {"number_signs:amount": 1}, ORDINARY),
        ({"amount": "1,234,567.5"}, {"number_signs:amount": 1}, (ORDINARY[0], Decimal("1234567.5"), ORDINARY[2])),
        ({"amount": "1.234,50"}, {"number_signs:amount": 1}, (ORDINARY[0], Decimal("1234.5"), ORDINARY[2])),
        ({"amount": "1 234,5 €"}, {"number_signs:amount": 1}, (ORDINARY[0], Decimal("1234.5"), ORDINARY[2])),
        ({"amount": "12,5"}, {"number_signs:amount": 1}, ORDINARY),
        ({"amount": "-1,234"}, {"number_signs:amount": 1}, (ORDINARY[0], Decimal(-1234), ORDINARY[2])),
        ({"amount": "1.25E+2"}, {}, (ORDINARY[0], Decimal(125), ORDINARY[2])),
    ],
)  # fmt: skip
def test_a_repair_is_made_and_counted(
    home: Home, cells: dict[str, str], repairs: dict[str, int], value: tuple[object, ...]
) -> None:
    assert shop(home, **cells) == (repairs, {}, [value])


@pytest.mark.parametrize(
    ("cells", "reason"),
    [
        ({"amount": "1,23,456"}, "bad_number:amount"),
        ({"amount": "12万"}, "bad_number:amount"),
        ({"amount": "(12.50)"}, "bad_number:amount"),
        ({"at": "03/04/2026 10:00"}, "ambiguous_date:transacted_at"),
        ({"at": "26-01-02 10:00"}, "ambiguous_date:transacted_at"),
        ({"at": "2026-02-30 10:00:00"}, "bad_timestamp:transacted_at"),
        ({"at": "2026-01-02 25:00:00"}, "bad_timestamp:transacted_at"),
        ({"id": " \u3000"}, "missing_key:transaction_id"),
    ],
)
def test_what_could_mean_two_things_is_told(home: Home, cells: dict[str, str], reason: str) -> None:
    repairs, reasons, rows = shop(home, **cells)
    assert (repairs, reasons, rows) == ({}, {reason: 1}, [])
