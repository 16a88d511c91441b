"""Which of a key's rows staging takes for its state, after corrections, closings and returns; on real deliveries."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from contract_texts import column_name, contract_text
from delivery_home import HEADER, Home

from pipelines.assets.dbt_process import build_environment, build_part, close_warehouse, warehouse_cursor
from pipelines.contracts.load import load_contract

SNAPSHOT = (
    "customProperties:\n  - {property: deliveryMode, value: snapshot}\n  - {property: shrinkLimit, value: 1}"
)
SALES = ["source_record_id", "transacted_at", "amount", "updated_at"]


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Home]:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    yield Home(tmp_path / "home")
    close_warehouse()


def staged(home: Home, model: str, columns: str) -> list[tuple[Any, ...]]:
    path = home.root / "warehouse" / "test" / "warehouse.duckdb"
    path.parent.mkdir(parents=True)
    with build_environment(str(home.root), datetime(2026, 3, 1).date(), path):
        build_part([model], path.parent, lambda *_: None)
    conn = warehouse_cursor(path)
    assert conn is not None
    with conn:
        return conn.execute(f"SELECT {columns} FROM warehouse.staging.{model} ORDER BY ALL").fetchall()


def test_a_closed_record_that_returns_is_there_again_and_one_that_stays_away_is_not(home: Home) -> None:
    contract = home.source("people", more=SNAPSHOT)
    days = (
        ("1,a,2026-01-01", "2,b,2026-01-01", "3,c,2026-01-01"),
        ("1,a,2026-01-01",),
        ("2,b,2026-01-01", "1,a,2026-01-01"),
    )
    for day, rows in enumerate(days, start=2):
        (home.landing("people") / f"{day}.csv").write_text(
            HEADER + "".join(f"{row}\n" for row in rows), "utf-8"
        )
        home.take(contract, datetime(2026, 1, day))
    assert staged(home, "stg_registrations", "source_record_id, full_name") == [("1", "a"), ("2", "b")]


def test_a_corrected_purchase_replaces_the_wrong_one_though_its_day_is_earlier(home: Home) -> None:
    path = home.root / "contracts" / "till.yml"
    path.write_text(contract_text("till", "transaction", "website", SALES), encoding="utf-8")
    contract = load_contract(path, home.root)
    home.landing("till").mkdir()
    header = ",".join(map(column_name, SALES))
    deliveries = (
        ("plain,2026-02-01,10,", "marked,2026-02-01,10,2026-02-03", "late,2026-02-01,20,2026-02-05"),
        ("plain,2026-01-05,11,", "marked,2026-01-05,11,2026-02-04", "late,2026-02-09,10,2026-02-02"),
    )
    for day, rows in enumerate(deliveries, start=2):
        (home.landing("till") / f"{day}.csv").write_text("\n".join([header, *rows, ""]), "utf-8")
        home.take(contract, datetime(2026, 2, day))
    assert staged(home, "stg_transactions", "source_record_id, amount::integer, event_at::date::varchar") == [
        ("late", 20, "2026-02-01"), ("marked", 11, "2026-01-05"), ("plain", 11, "2026-01-05"),
    ]  # fmt: skip
