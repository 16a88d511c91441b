"""A whole night of values as far as contracts may allow: every model takes them, sums are exact, nothing is lost."""

from __future__ import annotations

import csv
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from decimal import ROUND_HALF_UP, Decimal
from itertools import cycle
from pathlib import Path
from typing import Any

import pytest
import yaml
from contract_texts import column_name, contract_text

from pipelines.contracts.fields import Field, fields_of
from pipelines.contracts.vocabularies import FIELD_VOCABULARIES, KINDS
from pipelines.predictions.bg_nbd import FEWEST_CUSTOMERS
from pipelines.settings import PROJECT_ROOT

PEOPLE = 151  # a person's second order takes other values than the first
MOST = "99999999999999"
FURTHEST: dict[str, tuple[Any, Any]] = {
    "decimal": (1 - 10**14, 10**14 - 1),
    "number": (-999_999, 999_999),
    "date": ("0001-01-01", "9999-12-31"),
    "timestamp": ("0001-01-01", "9999-12-31"),
}
VALUES = {
    "decimal": [MOST, "-99999999999999", "99999999999998.9999", "0.0001", "-0.00004", "0", ""],
    "number": ["999999", "-999999", "999998.999999", "1e-300", ""],
    "integer": ["9223372036854775807", "-9223372036854775808", "0", ""],
    "date": ["0001-01-01", "9999-12-31", "1980-05-06", "2026-11-01", ""],
    "timestamp": [
        "0001-01-01 00:00:00", "0001-01-31 00:00:00", "9999-12-31 23:59:59", "2026-10-01 08:00:00", "2026-10-20 09:30:00",
    ],
    "boolean": ["true", "false", ""],
}  # fmt: skip
RATES = {"GBP": "9.1", "USD": "7.12", "JPY": "0.047"}  # of 2026; those of 1900 below
EARLY = {"GBP": "8.8", "USD": "6.9", "JPY": "0.063"}
CURRENCIES = ["GBP", "USD", "KWD", "JPY", ""]
TEXTS = [
    "x", "9" * 10_000, "😀" * 10_000, "王小明" * 3_333, "ab " * 3_333, " ".join(f"w{number}" for number in range(1_600)),
    "\x01\x1f\x7f\x85\u2028\u200b\ufeff", "'; drop table x; --", '"', "\\", "%s{{ 1 }}", "null", "NaN", "1e400", "@" * 5_000,
    "\U0010ffff", "e\u0301" * 3_000, "-" * 10_000, "(" * 10_000,
]  # fmt: skip


def contract(kind: str) -> str:
    fields = fields_of(kind)
    names = ["source_record_id", *(name for name in fields if name != "source_record_id")]
    channel = "data_company" if kind == "purchased_list" else "gift" if kind == "registration" else "website"
    made = yaml.safe_load(contract_text(f"extreme_{kind}", kind, channel, names))
    made["customProperties"] += [
        {"property": "maxQuarantineShare", "value": 1}, {"property": "defaultCurrency", "value": "GBP"},
    ]  # fmt: skip
    for column in made["schema"][0]["properties"]:
        bounds = FURTHEST.get(fields[column["name"]].type)
        if bounds:
            column["logicalTypeOptions"] = {"minimum": bounds[0], "maximum": bounds[1]}
    if kind == "purchased_list":
        made["price"] = {"priceAmount": 10**9, "priceCurrency": "GBP", "priceUnit": "record"}
        made["customProperties"].append({"property": "netNameGuarantee", "value": 0.85})
    return yaml.safe_dump(made, allow_unicode=True)


def rows(kind: str) -> list[dict[str, str]]:
    """A row of each person (two orders of two lines) and one of each odd text; typed values take turns, each at its own pace."""
    fields = fields_of(kind)
    turns = {name: turn(kind, field) for name, field in fields.items()}
    lines = 4 if kind == "transaction" else 1
    made = []
    for number in range(lines * PEOPLE + len(TEXTS)):
        row = {name: next(values) for name, values in turns.items()}
        if number < lines * PEOPLE:
            row |= person(number // 2 % PEOPLE if lines > 1 else number)
        else:
            text = TEXTS[number - lines * PEOPLE]
            free = (name for name, field in fields.items() if field.type == "string")
            row |= {name: text for name in free if (kind, name) not in FIELD_VOCABULARIES}
            row["text"] = (
                text * 20 if len(text) > 5_000 else text
            )  # the one field that holds more than 10,000 characters
        row["source_record_id"] = f"{kind}{number}"
        if kind == "transaction":
            row |= {
                "currency": CURRENCIES[number % 5],
                "transaction_id": f"t{number // 2}",
                "refund_amount": "",
            }
        if kind == "registration" and number < PEOPLE:
            row["gift_cost"] = MOST
        made.append({name: row[name] for name in fields})
    if kind == "transaction":  # one order that is worth more than all others
        large = {
            "amount": MOST,
            "currency": "GBP",
            "is_return": "false",
            "transacted_at": "2026-10-01 08:00:00",
        }
        for number in range(30):
            made.append(made[0] | large | {"source_record_id": f"large{number}", "transaction_id": "large"})
        # and one that was paid back whole: how a part is shared by lines is for dbt's unit tests
        repaid = {"source_record_id": "repaid", "transaction_id": "repaid", "refund_amount": MOST}
        made.append(made[0] | large | repaid)
    return made


def person(number: int) -> dict[str, str]:
    return {
        "full_name": f"Anna{chr(97 + number % 26)} Berg{chr(97 + number // 26)}man", "phone": f"139{number:04d}5678",
        "email": f"person{number}@mail.example.cn", "customer_ref": f"r{number}",
        "birth_date": ["0001-01-01", "9999-12-31", "1980-05-06"][number % 3],
    }  # fmt: skip


def turn(kind: str, field: Field) -> Iterator[str]:
    vocabulary = FIELD_VOCABULARIES.get((kind, field.name))
    if vocabulary:
        return cycle(sorted(vocabulary))
    if field.type == "string":
        about_people = len(field.kinds) == len(KINDS)  # what all carry would make one person of them
        return cycle([""] if about_people else ["", f"{field.name} a", f"{field.name} b"])
    values = VALUES[field.type]
    start = len(field.name) % len(values)
    return cycle(values[start:] + values[:start])


def ucv(home: Path, *words: str) -> str:
    environment = {
        **os.environ, "XDG_CONFIG_HOME": str(home.parent / "config"), "UCV_AS_OF_DATE": "2026-11-01", "UCV_MIN_FREE_BYTES": "0",
    }  # fmt: skip
    command = [sys.executable, "-m", "pipelines.cli", *words, "--home", str(home)]
    ended = subprocess.run(
        command, cwd=PROJECT_ROOT, env=environment, capture_output=True, text=True, check=False
    )
    assert ended.returncode == 0, ended.stdout[-5000:] + ended.stderr[-5000:]
    return ended.stdout


@pytest.fixture(scope="module")
def delivered() -> dict[str, list[dict[str, str]]]:
    return {kind: rows(kind) for kind in KINDS}


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory, delivered: dict[str, list[dict[str, str]]]) -> Path:
    root = tmp_path_factory.mktemp("extreme") / "home"
    ucv(root, "init")
    for kind, lines in delivered.items():
        (root / "contracts" / f"extreme_{kind}.yml").write_text(contract(kind), "utf-8")
        folder = root / "landing" / f"extreme_{kind}"
        folder.mkdir(parents=True)
        with (folder / "all.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            writer.writerow([column_name(name) for name in lines[0]])
            writer.writerows(line.values() for line in lines)
    (root.parent / "told.txt").write_text(ucv(root, "run"), "utf-8")
    return root


def figures(home: Path, sql: str) -> dict[str, Any]:
    (row,) = json.loads(ucv(home, "query", sql, "--format", "json"))
    return {name: Decimal(str(value)) for name, value in row.items()}


def cents(value: Decimal) -> Decimal:
    return value.quantize(Decimal("0.01"), ROUND_HALF_UP)


def order_currencies(sales: list[dict[str, str]]) -> dict[str, str]:
    """Order -> the one currency that its lines name, where they name one: lines without a currency are in it."""
    named: dict[str, set[str]] = {}
    for line in sales:
        if line["currency"]:
            named.setdefault(line["transaction_id"], set()).add(line["currency"])
    return {order: next(iter(found)) for order, found in named.items() if len(found) == 1}


def value_of(line: dict[str, str], of_order: dict[str, str]) -> Decimal:
    """Of a line in the reporting currency, 0 where it has none: no amount, no rate, or all paid back.

    In the currency it names, else in that of its order, else in the default of its source.
    """
    if line["refund_amount"]:
        return Decimal(0)
    rates = EARLY if line["transacted_at"] < "1900" else RATES
    amount = amount_of(line)
    is_return = line["is_return"] == "true" or (not line["is_return"] and amount < 0)
    currency = line["currency"] or of_order.get(line["transaction_id"], "GBP")
    return cents((-abs(amount) if is_return else amount) * Decimal(rates.get(currency, "0")))


def amount_of(line: dict[str, str]) -> Decimal:
    """As delivered, else the price times how many; 0 where there is neither, or money can't hold the product."""
    if line["amount"] or not line["unit_price"]:
        return stored(line["amount"])
    product = stored(line["unit_price"]) * stored(line["quantity"] or "1")
    made = product.quantize(Decimal("0.0001"), ROUND_HALF_UP)
    return made if abs(made) < 10**14 else Decimal(0)


def stored(number: str) -> Decimal:
    return Decimal(number or "0").quantize(Decimal("0.0001"), ROUND_HALF_UP)


def test_every_model_takes_them_and_no_row_or_cent_is_lost(
    home: Path, delivered: dict[str, list[dict[str, str]]]
) -> None:
    told = (home.parent / "told.txt").read_text("utf-8")
    assert "Published" in told
    assert "rejected" not in told
    sales = delivered["transaction"]
    of_order = order_currencies(sales)
    values = sum(value_of(line, of_order) for line in sales)
    found = figures(home, """
        select
            (select count(*) from customer_xref) as records,
            (select count(*) from customer_timeline) as happened,
            (select count(*) from fct_transactions) as lines, (select sum(amount) from fct_transactions) as amount,
            (select sum(quantity) from fct_transactions) as quantity, (select sum(value) from fct_transactions) as value,
            (select min(line_number) from fct_transactions) as first_line,
            (select max(line_number) from fct_transactions) as last_line,
            (select sum(net_value) from fct_orders) as net_value,
            (select sum(total_value + unmatched_return_value) from customer_360) as total_value,
            (select sum(first_value) from order_attribution) as first_value,
            (select sum(last_value) from order_attribution) as last_value,
            (select sum(linear_value) from order_attribution) as linear_value,
            (select sum(total_cost) from reward_registrations) as gift_cost,
            (select sum(gross_names) from vendor_scorecard) as names, (select sum(gross_cost) from vendor_scorecard) as cost
        """)  # fmt: skip
    records = sum(map(len, delivered.values()))
    names = len(delivered["purchased_list"])
    assert found == {
        "records": records, "happened": records, "lines": len(sales), "amount": sum(map(amount_of, sales)),
        "quantity": sum(stored(line["quantity"]) for line in sales), "value": values, "first_line": -(2**63), "last_line": 2**63 - 1,
        "net_value": values, "total_value": values, "first_value": values, "last_value": values, "linear_value": values,
        "gift_cost": sum(cents(stored(row["gift_cost"])) for row in delivered["registration"]),
        "names": names, "cost": names * 10**9 * Decimal(RATES["GBP"]),
    }  # fmt: skip


def test_what_is_counted_from_them_stays_within_its_range(home: Path) -> None:
    found = figures(home, """
        select
            (select count(*) from (
                select customer_id from fct_orders where customer_id is not null and not is_return and ordered_at::date <= date '2026-11-01'
                group by customer_id having min(ordered_at) < max(ordered_at)
            )) as repeat_customers,
            (select count(*) from customer_lifetime_value) as predicted,
            (select count(*) from prediction_backtests where not is_published and reason is not null) as told,
            (select count(*) from customer_rfm) as scored,
            (select count(*) from customer_rfm where customer_id in (
                select customer_id from consent_ledger where purpose = 'profiling' and verdict = 'refused' and is_in_force
            )) as scored_against_their_will,
            (select count(*) from survey_results) as questions,
            (select max(abs(mean_score)) from survey_results) as mean_score,
            (select max(contactability) from customer_contact_points) as contactability,
            (select count(*) from order_attribution where campaign_id <> 'none') as credited
        """)  # fmt: skip
    assert found["repeat_customers"] > FEWEST_CUSTOMERS / 5
    # predicted would be from them, but only from those who refused no decisions made by calculation: here few are left
    assert FEWEST_CUSTOMERS > found["scored"] > 0
    assert found["predicted"] == 0
    assert found["told"] > 0
    assert found["scored_against_their_will"] == 0
    assert found["questions"] > 2
    assert found["mean_score"] <= 999_999
    assert found["contactability"] <= 1
    assert found["credited"] > 0
