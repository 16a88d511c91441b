"""The log of terms: a line per change, read back as it was, whatever signs stand in it."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb

from pipelines.contracts.terms_log import TERM_COLUMNS, create_terms_table, remember_terms

LEASE: dict[str, Any] = {
    **dict.fromkeys(TERM_COLUMNS),
    "source_system": "leased", "contract_version": "1.0.0", "known_from": date(2026, 11, 1), "acquisition_mode": "lease",
    "vendor": "O'Neill", "valid_to": date(2026, 12, 31), "max_uses": 3, "permitted_channels": ["post", "it's"],
    "net_name_guarantee": Decimal("0.85"), "matching_only": False, "terms_key": "a",
}  # fmt: skip


def rows(home: Path) -> list[dict[str, Any]]:
    conn = duckdb.connect()
    create_terms_table(conn, home)
    names = ("number", *TERM_COLUMNS)
    found = conn.execute("SELECT * FROM memory.state.contract_terms ORDER BY number").fetchall()
    return [dict(zip(names, row, strict=True)) for row in found]


def test_terms_are_read_back_as_they_were(tmp_path: Path) -> None:
    assert rows(tmp_path) == []
    assert remember_terms(tmp_path, [LEASE]) == 1
    assert rows(tmp_path) == [{"number": 1, **LEASE}]


def test_the_same_terms_are_written_down_once(tmp_path: Path) -> None:
    changed = {**LEASE, "max_uses": 2, "terms_key": "b", "known_from": date(2026, 12, 1)}
    assert [remember_terms(tmp_path, [row]) for row in (LEASE, LEASE, changed, changed, LEASE)] == [
        1,
        0,
        1,
        0,
        1,
    ]
    assert [row["terms_key"] for row in rows(tmp_path)] == ["a", "b", "a"]
