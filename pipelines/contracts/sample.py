"""What a sample file shows: how it is written, its columns and its first rows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from pipelines.contracts.column_values import Shape, shape_of
from pipelines.contracts.model import NumberSigns


@dataclass(frozen=True)
class Sample:
    """What a delivered file shows of itself; the defaults stand for no sample."""

    columns: tuple[str, ...] = ()
    delimiter: str = ","
    encoding: str = "utf-8"
    format: str = "csv"
    suffix: str = ""
    """How names of deliveries end, with the dot; empty: as the format is called."""
    header_row: int | None = None
    """Line of the header from 1; None where it is the first."""
    sheet: str | None = None
    member: str | None = None
    number_signs: Mapping[str, NumberSigns] = field(default_factory=dict)
    """Column -> the signs of its numbers, where these need telling."""
    doubtful_numbers: frozenset[str] = frozenset()
    """Columns with numbers that have two readings, and nothing in the sample that decides."""
    values: Mapping[str, tuple[str | None, ...]] = field(default_factory=dict)
    """Column -> its first values, a row at the same place in each; empty where the rows could not be read."""

    @cached_property
    def shapes(self) -> dict[str, Shape]:
        """What the values of each column look like."""
        return {column: shape_of(self.values.get(column, ())) for column in self.columns}
