"""Every field family against its table of tricky values: inputs left of `expected`, facts right of it.

The tables are written from knowledge of the field, not from the code. A blank cell is null; a column that is not in a
table is not looked at.
"""

from __future__ import annotations

import pytest

from tests.unit.functions.tricky_tables import TABLES, read_table, wrong_columns

CASES = [
    pytest.param(name, row, id=f"{name}-{place}")
    for name in TABLES
    for place, row in enumerate(read_table(name), start=2)
]


@pytest.mark.parametrize(("name", "row"), CASES)
def test_row_is_standardised_as_the_field_demands(name: str, row: dict[str, str | None]) -> None:
    assert wrong_columns(name, row) == {}


@pytest.mark.parametrize("name", sorted(TABLES))
def test_a_table_is_long_enough_to_mean_something(name: str) -> None:
    rows = read_table(name)
    assert len(rows) >= 60
    assert len({tuple(row.items()) for row in rows}) == len(rows)
