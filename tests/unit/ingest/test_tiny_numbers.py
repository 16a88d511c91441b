"""Numbers so small that programs write them with an exponent: what is left of a sum of floats is nothing."""

from __future__ import annotations

from decimal import Decimal

import duckdb
import pytest

from pipelines.ingest.numbers import number


@pytest.mark.parametrize(
    ("written", "stored"),
    [
        ("5.551115e-17", "0.0000"),
        ("8.881784E-16", "0.0000"),
        ("-5e-10", "0.0000"),
        ("1.5e-3", "0.0015"),
        ("12e-1", "1.2000"),
        ("1.2345678901234e+13", "12345678901234.0000"),
        ("99999999999999.9999", "99999999999999.9999"),
    ],
)
def test_an_exponent_moves_the_point_before_digits_are_rounded(written: str, stored: str) -> None:
    plain = number("amount", "decimal").plain
    row = duckdb.execute(f"SELECT {plain} FROM (SELECT ? AS t_amount)", [written]).fetchone()
    assert row == (Decimal(stored),)
