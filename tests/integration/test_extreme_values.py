"""Extreme values of every typed field of every kind: taken within the bounds, else set aside with a reason of their own."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import yaml
from contract_texts import column_name, contract_text, delivery_text
from delivery_home import Home

from pipelines.contracts.fields import fields_of
from pipelines.contracts.load import load_contract
from pipelines.contracts.vocabularies import KINDS
from pipelines.ingest.report import DeliveryReport

WITHIN = {
    "decimal": ["1000000000", "-1000000000", "0", "0.00004", "-0.0001", "1E+9", "000000000000012.5"],
    "number": ["100000", "-100000", "1e-300", "0"],
    "integer": ["9223372036854775807", "-9223372036854775808", "0"],
    "date": ["1900-01-01", "2200-12-31"],
    "timestamp": ["1900-01-01 00:00:00", "2200-12-31 23:59:59"],
}
BEYOND = {
    "decimal": ["1000000000.01", "-1000000001", "99999999999999.9999", "100000000000000", "1e300", "1e400", "-1e400", "9" * 60,
                "1,000,000,001.00", "99.999.999.999.999.999,99", "￥2000000000"],
    "number": ["100000.5", "-1e300", "1e400", "1e308", "9" * 400],
    "integer": ["9223372036854775808", "-9223372036854775809", "1e19", "1e300", "1e400", "9" * 60],
    "date": ["1899-12-31", "1000-01-01", "2201-01-01", "2999-12-31", "1899/12/31", "9999-12-31"],
    "timestamp": ["1899-12-31 23:59:59", "1000-01-01", "2201-01-01 00:00:00", "9999-12-31 23:59:59", "0001-01-01"],
}  # fmt: skip
NONE = {
    "decimal": ["inf", "-inf", "nan", "NaN", "infinity", "1e", "--1"],
    "number": ["inf", "-Infinity", "nan"],
    "integer": ["inf", "nan"],
    "date": ["infinity", "epoch", "10000-01-01", "0000-00-00", "-0001-01-01", "999999999"],
    "timestamp": ["infinity", "-infinity", "epoch", "294247-01-10 04:00:54", "0000-00-00 00:00:00", "1e300"],
}


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    return Home(tmp_path / "home")


def take(
    home: Home, kind: str, field: str, texts: list[str], options: dict[str, Any] | None = None
) -> DeliveryReport:
    """A delivery of ordinary rows but for one field; each with a key of its own."""
    fields = ["source_record_id", *(name for name in fields_of(kind) if name != "source_record_id")]
    contract = yaml.safe_load(contract_text("extreme", kind, "website", fields))
    contract["customProperties"].append({"property": "maxQuarantineShare", "value": 1})
    for column in contract["schema"][0]["properties"]:
        if column["name"] == field and options:
            column["logicalTypeOptions"] = options
    path = home.root / "contracts" / "extreme.yml"
    path.write_text(yaml.safe_dump(contract, allow_unicode=True), "utf-8")
    lines = delivery_text(kind, fields, [f"{field}{number}" for number in range(len(texts))]).splitlines()
    place = lines[0].split(",").index(column_name(field))
    for number, text in enumerate(texts, 1):
        cells = lines[number].split(",")
        cells[place] = f'"{text}"'
        lines[number] = ",".join(cells)
    home.landing("extreme").mkdir(exist_ok=True)
    for old in home.landing("extreme").iterdir():
        old.unlink()
    (home.landing("extreme") / f"{field}.csv").write_text("\n".join(lines) + "\n", "utf-8")
    (report,) = home.take(load_contract(path, home.root))
    assert report.error_message is None
    assert report.rows_in == len(texts)
    return report


def told(report: DeliveryReport) -> dict[str, int]:
    """Reasons, and fields of values that became none."""
    return report.reasons | {code: n for code, n in report.repairs.items() if code.startswith("unparsed:")}


@pytest.mark.parametrize("kind", KINDS)
def test_what_no_model_could_hold_is_set_aside_and_what_is_within_is_taken(home: Home, kind: str) -> None:
    for field in fields_of(kind).values():
        if field.type not in WITHIN:
            continue
        within, beyond, none = WITHIN[field.type], BEYOND[field.type], NONE[field.type]
        report = take(home, kind, field.name, [*within, *beyond, *none])
        outside = len(beyond) + len(none)
        assert sum(told(report).values()) == outside, (field.name, told(report))
        if report.quarantined:
            assert report.reasons[f"out_of_range:{field.name}"] == len(beyond), (field.name, report.reasons)
        else:
            assert report.repairs[f"unparsed:{field.name}"] == outside, (field.name, report.repairs)
        stored = home.rows(field.name, kind)
        assert len(stored) == report.accepted
        assert sum(row[0] is not None for row in stored) == len(within), field.name
        home.root.joinpath("raw").rename(home.root / f"raw of {field.name}")


@pytest.mark.parametrize(
    ("kind", "field", "options", "texts", "taken"),
    [
        ("transaction", "amount", {"maximum": 50000000000}, ["20000000000", "60000000000"], [Decimal(20000000000)]),
        ("transaction", "amount", {"minimum": 0, "maximum": 100}, ["-0.01", "0", "100", "100.01"], [Decimal(0), Decimal(100)]),
        ("transaction", "quantity", {"maximum": 99.5}, ["99.5", "99.6"], [Decimal("99.5")]),
        ("transaction", "line_number", {"minimum": 1, "maximum": 999}, ["0", "1", "1000"], [1]),
        ("transaction", "transacted_at", {"minimum": "2020-01-01", "maximum": "2026-12-31"},
         ["2019-12-31 23:59:59", "2026-12-31 23:59:59", "2027-01-01 00:00:00"], [datetime(2026, 12, 31, 23, 59, 59)]),
    ],
)  # fmt: skip
def test_the_contract_says_other_bounds(
    home: Home, kind: str, field: str, options: dict[str, Any], texts: list[str], taken: list[object]
) -> None:
    report = take(home, kind, field, texts, options)
    assert report.reasons == {f"out_of_range:{field}": len(texts) - len(taken)}
    assert [row[0] for row in home.rows(field, kind)] == taken


def test_births_of_long_ago_are_taken_where_the_contract_says_so(home: Home) -> None:
    report = take(home, "registration", "birth_date", ["1564-04-26", "0999-01-01"], {"minimum": "1000-01-01"})
    assert told(report) == {"unparsed:birth_date": 1}
    assert date(1564, 4, 26) in [row[0] for row in home.rows("birth_date")]
