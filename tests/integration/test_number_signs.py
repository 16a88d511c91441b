"""Decimal points and commas: what has one reading is read, what has two is read as the contract says or set aside."""

from __future__ import annotations

import csv
import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from delivery_home import Home

from pipelines.contracts.load import load_contract

CONTRACT = """
apiVersion: v3.1.0
kind: DataContract
id: shop
name: Shop
version: 1.0.0
status: active
servers:
  - {{server: landing, type: local, path: "landing/shop/*", format: {form}}}
schema:
  - name: transaction
    logicalType: object
    properties:
      - {{name: source_record_id, physicalName: id, logicalType: string, required: true, primaryKey: true}}
      - {{name: amount, physicalName: Betrag, logicalType: number, required: true{signs}}}
      - {{name: quantity, physicalName: Menge, logicalType: number}}
customProperties:
  - {{property: maxQuarantineShare, value: 1}}{country}
"""
COMMA = ', customProperties: [{property: decimalChar, value: ","}]'
Taken = tuple[list[Decimal], dict[str, int], dict[str, int]]


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    return Home(tmp_path / "home")


def take(
    home: Home,
    amounts: list[Any],
    quantities: list[Any] | None = None,
    *,
    form: str = "csv",
    signs: str = "",
    country: str = "",
) -> Taken:
    """Amounts that were taken in the order of the file, reasons and repairs."""
    path = home.root / "contracts" / "shop.yml"
    path.write_text(
        CONTRACT.format(
            form=form,
            signs=signs,
            country=country and f"\n  - {{property: defaultCountry, value: {country}}}",
        ),
        encoding="utf-8",
    )
    rows = [
        [str(n), amount, quantity]
        for n, (amount, quantity) in enumerate(zip(amounts, quantities or [1] * len(amounts), strict=True), 1)
    ]
    folder = home.landing("shop")
    folder.mkdir(exist_ok=True)
    WRITERS[form](folder / f"a.{form}", rows)
    (report,) = home.take(load_contract(path, home.root))
    assert report.error_message is None
    assert report.rows_in == len(amounts)
    found = home.rows("row_number, amount", kind="transaction")
    return [Decimal(str(amount)).normalize() for _, amount in found], report.reasons, report.repairs


def _csv(path: Path, rows: list[list[Any]]) -> None:
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([["id", "Betrag", "Menge"], *rows])


def _jsonl(path: Path, rows: list[list[Any]]) -> None:
    path.write_text(
        "\n".join(json.dumps(dict(zip(("id", "Betrag", "Menge"), row, strict=True))) for row in rows), "utf-8"
    )


def _xlsx(path: Path, rows: list[list[Any]]) -> None:
    book = openpyxl.Workbook()
    for row in [["id", "Betrag", "Menge"], *rows]:
        book.active.append(row)
    book.save(path)


def _parquet(path: Path, rows: list[list[Any]]) -> None:
    identities, amounts, quantities = zip(*rows, strict=True)
    pq.write_table(pa.table({"id": identities, "Betrag": amounts, "Menge": quantities}), path)


WRITERS = {"csv": _csv, "jsonl": _jsonl, "xlsx": _xlsx, "parquet": _parquet}


def numbers(*texts: str) -> list[Decimal]:
    return [Decimal(text).normalize() for text in texts]


def test_what_has_one_reading_is_read_whatever_stands_beside_it(home: Home) -> None:
    written = [
        "20,00",
        "-0,01",
        "1'250,50",
        "4.711,98",
        "1,234.56",
        "12.5",
        "1 234,5",
        "0,500",
        "1.234.567",
        "1,234,567",
        "1234,567",
        ",5",
    ]
    found, reasons, _ = take(home, written)
    assert found == numbers(
        "20",
        "-.01",
        "1250.5",
        "4711.98",
        "1234.56",
        "12.5",
        "1234.5",
        ".5",
        "1234567",
        "1234567",
        "1234.567",
        ".5",
    )
    assert reasons == {}


@pytest.mark.parametrize(
    "doubtful", ["1.000", "-1.000", "1,000", "4.711", "12,345", "1,0000", "1.000 €", "1．000"]
)
@pytest.mark.parametrize("beside", ["4.711,98", "20,00", "0,5", "1.234.567"])
def test_two_readings_beside_a_decimal_comma_are_set_aside(home: Home, doubtful: str, beside: str) -> None:
    found, reasons, repairs = take(home, [beside, doubtful, "7"])
    assert (len(found), reasons, repairs) == (2, {"ambiguous_number:amount": 1}, {"number_signs:amount": 1})


def test_a_column_with_both_decimal_signs_keeps_only_what_has_one_reading(home: Home) -> None:
    found, reasons, _ = take(home, ["12.50", "12,50", "1.000", "1,000", "0.250"])
    assert (found, reasons) == (numbers("12.5", "12.5", ".25"), {"ambiguous_number:amount": 2})


def test_plain_decimals_with_three_places_stay_what_they_are(home: Home) -> None:
    found, reasons, repairs = take(
        home, ["1.000", "2.500", "0.125", "12.000"], ["1.000", "2.000", "1.000", "3.000"]
    )
    assert (found, reasons, repairs) == (numbers("1", "2.5", ".125", "12"), {}, {})


def test_thousands_beside_decimal_points_are_thousands(home: Home) -> None:
    found, reasons, _ = take(home, ["1,234.50", "1,234", "12.50", "1,0000"])
    assert (found, reasons) == (numbers("1234.5", "1234", "12.5", "10000"), {})


@pytest.mark.parametrize("signs", ["", COMMA])
def test_a_decimal_comma_puts_the_other_columns_of_the_file_in_doubt(home: Home, signs: str) -> None:
    assert take(home, ["4.711,98", "20,00"], ["1,000", "2"], signs=signs)[1] == {
        "ambiguous_number:quantity": 1
    }


@pytest.mark.parametrize("point", ["2.5", "1,000.25", "2.5 €"])
def test_a_decimal_point_in_another_column_decides_there(home: Home, point: str) -> None:
    assert take(home, ["4.711,98", "20,00"], ["1.000", point])[1] == {}
    quantities = [row[0] for row in home.rows("quantity", kind="transaction")]
    assert quantities[0] == 1


def test_a_point_before_three_digits_beside_a_currency_is_set_aside(home: Home) -> None:
    assert take(home, ["1.000 €", "12.50 €"])[1] == {"ambiguous_number:amount": 1}


def test_declared_signs_decide_and_are_no_repair(home: Home) -> None:
    found, reasons, repairs = take(home, ["1.000", "4.711,98", "1,000", "7", "1 234,5"], signs=COMMA)
    assert (found, reasons, repairs) == (numbers("1000", "4711.98", "1", "7", "1234.5"), {}, {})


def test_what_contradicts_the_declared_signs_is_no_number(home: Home) -> None:
    found, reasons, repairs = take(home, ["12.50", "1,234.56", "0.500", "20,00 €"], signs=COMMA)
    assert (found, reasons, repairs) == (numbers("20"), {"bad_number:amount": 3}, {"number_signs:amount": 1})


def test_a_declared_group_sign_is_the_only_one(home: Home) -> None:
    signs = """, customProperties: [{property: decimalChar, value: "."}, {property: groupChar, value: "'"}]"""
    found, reasons, _ = take(home, ["1'234.50", "1.000", "1,234", "1 234"], signs=signs)
    assert (found, reasons) == (numbers("1234.5", "1"), {"bad_number:amount": 2})


@pytest.mark.parametrize("signs", ["", COMMA])
@pytest.mark.parametrize(("form", "amounts"), [
    ("xlsx", [1.234, 4711.98, 1000, 12.5, "20,00"]),
    ("jsonl", [1.234, 4711.98, 1000, 12.5, "20,00"]),
    ("parquet", [1.234, 4711.98, 1000.0, 12.5, 20.0]),
])  # fmt: skip
def test_typed_numbers_have_one_reading(home: Home, form: str, amounts: list[Any], signs: str) -> None:
    found, reasons, _ = take(home, amounts, form=form, signs=signs)
    assert (found, reasons) == (numbers("1.234", "4711.98", "1000", "12.5", "20"), {})


def test_text_in_a_workbook_is_not_typed(home: Home) -> None:
    assert take(home, ["1.000", 1.234, "20,00"], form="xlsx")[1] == {"ambiguous_number:amount": 1}


def test_the_second_reading_of_a_file_counts_its_rows_once_and_keeps_the_plain_ones(home: Home) -> None:
    found, reasons, _ = take(home, ["4.711,98", *["1.000", "7"] * 30_000])
    assert (len(found), reasons) == (30_001, {"ambiguous_number:amount": 30_000})


COMMAS = ["4.711,98", "1.000", "-0,01", "12.345.678,90", "20,00", "1'250,50"]
READ = [Decimal(text) for text in ("4711.98", "1000", "-0.01", "12345678.90", "20", "1250.50")]


def test_numbers_beside_decimal_commas_are_read_as_the_contracts_country_writes_them(home: Home) -> None:
    assert take(home, COMMAS, country="DE")[:2] == (READ, {})


@pytest.mark.parametrize("country", ["", "CN", "US", "CH"])
def test_a_country_that_writes_points_or_both_settles_nothing(home: Home, country: str) -> None:
    amounts, reasons, _ = take(home, COMMAS, country=country)
    assert amounts == [READ[0], *READ[2:]]
    assert reasons == {"ambiguous_number:amount": 1}


def test_a_column_that_shows_both_signs_stays_in_doubt_in_any_country(home: Home) -> None:
    amounts, reasons, _ = take(home, ["4.711,98", "1,234.56", "1.000"], country="DE")
    assert amounts == [Decimal("4711.98"), Decimal("1234.56")]
    assert reasons == {"ambiguous_number:amount": 1}


def test_a_file_without_a_decimal_comma_is_read_as_before(home: Home) -> None:
    assert take(home, ["1.000", "2.5"], country="DE")[0] == [Decimal("1.000"), Decimal("2.5")]
