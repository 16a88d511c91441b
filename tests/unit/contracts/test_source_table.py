"""The contracts as models see them: every term and default of each, whatever signs stand in it."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import duckdb

from pipelines.contracts.load import load_contracts
from pipelines.contracts.source_table import SOURCE_COLUMNS, create_source_table
from pipelines.demo.generate import install_contracts


def test_what_contracts_say_reaches_the_table_of_sources(tmp_path: Path) -> None:
    install_contracts(tmp_path)
    path = tmp_path / "contracts" / "list_leased.yml"
    text = path.read_text(encoding="utf-8")
    name = next(line for line in text.splitlines() if line.startswith("name: "))
    path.write_text(text.replace(name, 'name: "O\'Neill; drop table sources -- 租赁"', 1), encoding="utf-8")
    contracts = load_contracts(tmp_path)
    conn = duckdb.connect()
    create_source_table(conn, contracts)
    create_source_table(conn, contracts)  # once more, as on a connection that is prepared again
    rows = {
        row[0]: dict(zip(SOURCE_COLUMNS, row, strict=True))
        for row in conn.execute("select * from memory.raw.sources").fetchall()
    }
    assert rows.keys() == {contract.id for contract in contracts.contracts}
    assert rows["list_leased"]["source_name"] == "O'Neill; drop table sources -- 租赁"
    assert rows["store_pos"]["default_currency"] == "CNY"
    assert rows["web_registrations"]["default_currency"] is None
    for contract in contracts.contracts:
        row, terms = rows[contract.id], contract.terms
        assert row["channel"] == contract.channel
        assert row["permitted_channels"] == list(terms.permitted_channels)
        assert row["price_amount"] == (
            None if terms.price_amount is None else Decimal(str(terms.price_amount))
        )
        assert row["valid_to"] == terms.valid_to
    assert any(isinstance(row["valid_to"], date) for row in rows.values())
