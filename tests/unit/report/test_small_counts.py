"""Cells about fewer than five people: what stands in their place, and what else would tell of them."""

from __future__ import annotations

from typing import Any

import pytest

from pipelines.report.blocks import MONEY, PEOPLE, TEXT, Block, Column
from pipelines.report.small_counts import Withheld, without_small_counts

BLOCK = Block(
    "b", "", (), (Column("name", TEXT), Column("people", PEOPLE), Column("value", MONEY, of="people")), partition="people",
)  # fmt: skip


def told(*people: int | None) -> list[tuple[Any, Any]]:
    rows = [{"name": str(n), "people": count, "value": 10 * n} for n, count in enumerate(people)]

    def word(value: Any) -> Any:
        return ("few" if value.few else "hidden") if isinstance(value, Withheld) else value

    return [(word(row["people"]), word(row["value"])) for row in without_small_counts(BLOCK, rows)]


@pytest.mark.parametrize(("count", "shown"), [(0, 0), (1, "few"), (4, "few"), (5, 5), (None, None)])
def test_one_to_four_people_are_few(count: int | None, shown: Any) -> None:
    assert told(count, 3, 3)[0][0] == shown


def test_a_figure_of_few_people_goes_with_them() -> None:
    assert told(3, 4, 9) == [("few", "hidden"), ("few", "hidden"), (9, 20)]


def test_a_single_small_cell_is_not_the_sum_less_all_others() -> None:
    assert told(3, 12, 9, 0) == [("few", "hidden"), (12, 10), ("hidden", "hidden"), (0, 30)]


def test_a_single_group_has_no_other_to_tell_it() -> None:
    assert told(3) == [("few", "hidden")]
