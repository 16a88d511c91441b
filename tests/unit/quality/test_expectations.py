"""From which deliveries a band is learned: good ones, what somebody accepted, and what stays as it is."""

from __future__ import annotations

from typing import Any

import pytest

from pipelines.quality.expectations import Earlier


def profiles(failed: str) -> list[tuple[int, dict[str, Any]]]:
    """One delivery a day; x failed in `rows`, . did not."""
    return [
        (turn % 7, {"rows": turn, "shares": {}, "classes": {}, "failed": ["rows"] if sign == "x" else []})
        for turn, sign in enumerate(failed)
    ]


def used(failed: str, begins: dict[str, int] | None = None) -> list[int]:
    return [profile["rows"] for _, profile in Earlier(profiles(failed), begins or {}).of("rows")]


def test_what_failed_is_not_learned_from() -> None:
    assert used("..x...x.") == [0, 1, 3, 4, 5, 7]
    assert Earlier(profiles("..x.")).of("given:phone") == profiles("..x.")


@pytest.mark.parametrize(("count", "is_learned"), [(4, False), (5, True), (9, True)])
def test_what_fails_five_times_in_a_row_is_how_it_is_now(count: int, is_learned: bool) -> None:
    found = used("." * 7 + "x" * count)
    assert found == [*range(7), *(range(7, 7 + count) if is_learned else ())]


def test_what_fails_on_three_sundays_is_how_sundays_are() -> None:
    week = "......x"
    assert 6 not in used(week * 2)
    assert {6, 13, 20} <= set(used(week * 3))


def test_what_was_accepted_begins_the_history_of_what_failed_there() -> None:
    assert used(".......x..x", {"rows": 7}) == [7, 8, 9]
    assert used(".......x..x", {"given:phone": 7}) == [0, 1, 2, 3, 4, 5, 6, 8, 9]
