"""How a value is read: units, signs and what machines get."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest

from pipelines.report.blocks import Column
from pipelines.report.cells import cell, figure
from pipelines.report.small_counts import Withheld


@pytest.mark.parametrize(
    ("form", "value", "told"),
    [
        ("count", 12034, "12,034"),
        ("share", Decimal("0.1234"), "12.3 %"),
        ("share", 1, "100 %"),
        ("share", Decimal("-0.025"), "−2.5 %"),
        ("points", Decimal("0.1"), "+10.0"),
        ("points", Decimal("-0.0251"), "−2.5"),
        ("points", 0, "0"),
        ("money", Decimal("-1234.5"), "−1,234.50"),
        ("number", Decimal("12.340"), "12.34"),
        ("number", 0.1234567, "0.1235"),
        ("number", 1200.0, "1,200"),
        ("change", 12, "+12"),
        ("change", -3, "−3"),
        ("change", 0, "0"),
    ],
)
def test_a_number_is_read_with_its_unit_and_sign(form: str, value: Any, told: str) -> None:
    assert figure(form, value) == told
    assert cell(Column("x", form), value) == f'<data value="{value}">{told}</data>'


@pytest.mark.parametrize(
    ("column", "value", "told"),
    [
        (Column("x", "text"), "<b>", "&lt;b&gt;"),
        (Column("x", "day"), datetime(2026, 3, 1, 9), '<time datetime="2026-03-01">2026-03-01</time>'),
        (Column("x", "quarter"), date(2026, 10, 1), '<time datetime="2026-10-01">2026 Q4</time>'),
        (Column("x", "people"), Withheld(few=True), '<span class="few">&lt;5</span>'),
        (Column("x", "count"), None, '<span class="faint">–</span>'),
    ],
)
def test_other_values_are_told_as_they_are(column: Column, value: Any, told: str) -> None:
    assert cell(column, value) == told
