"""Numbers that came as numbers, in a workbook, Parquet, JSON or a table: their text is to have one reading only."""

from __future__ import annotations

import re

from pipelines.contracts.headers import column_key
from pipelines.contracts.model import Contract
from pipelines.contracts.number_signs import NUMBER_TYPES

FEW_DECIMALS = r"^([-+]?[0-9]+\.[0-9]{1,3})$"
"""For PostgreSQL and Python: the text of a typed number that might be taken for groups of thousands, or for a slip."""
PADDED = r"\1000"


def number_columns(contract: Contract) -> frozenset[str]:
    """Delivered columns that fill a number, by their `column_key`."""
    return frozenset(
        column_key(column.physical_name) for column in contract.columns if column.type in NUMBER_TYPES
    )


def unmistakable(text: str | None) -> str | None:
    """With four decimals or more, which no group of digits has: 1.234 is written 1.234000."""
    return f"{text}000" if text and re.match(FEW_DECIMALS, text) else text
