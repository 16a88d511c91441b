"""`ucv run --since`: options are checked before any work begins, and days become Dagster's partitions."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import dagster as dg
import pytest

from pipelines.command.backfill import Backfill, backfill_of, partition_tags
from pipelines.errors import SettingsError
from pipelines.settings import Settings

DAYS = dg.DailyPartitionsDefinition("2026-01-05", end_date="2026-01-10")


@pytest.mark.parametrize(
    ("since", "until", "sources", "told"),
    [
        (None, date(2026, 1, 5), (), "expected --since DAY"),
        (None, None, ("club",), "expected --since DAY"),
        (date(2026, 1, 5), date(2026, 1, 4), (), "not earlier"),
        (date(2026, 1, 5), None, ("clup",), "--source is clup; expected one that has a contract"),
    ],
)
def test_options_that_do_not_go_together_are_refused(
    tmp_path: Path, since: date | None, until: date | None, sources: tuple[str, ...], told: str
) -> None:
    (tmp_path / "contracts").mkdir()
    with pytest.raises(SettingsError, match=told):
        backfill_of(Settings(home=tmp_path), since, until, sources)


def test_without_since_nothing_is_taken_again(tmp_path: Path) -> None:
    assert backfill_of(Settings(home=tmp_path), None, None, ()) is None


@pytest.mark.parametrize(
    ("since", "until", "first", "last"),
    [
        ("2026-01-06", "2026-01-07", "2026-01-06", "2026-01-07"),
        ("2025-01-01", None, "2026-01-05", "2026-01-09"),
        ("2026-01-09", "2027-01-01", "2026-01-09", "2026-01-09"),
    ],
)
def test_days_become_a_range_of_partitions(since: str, until: str | None, first: str, last: str) -> None:
    asked = Backfill(date.fromisoformat(since), date.fromisoformat(until) if until else None)
    assert partition_tags(asked, DAYS) == {
        "dagster/asset_partition_range_start": first, "dagster/asset_partition_range_end": last,
    }  # fmt: skip


def test_days_without_any_delivery_are_refused_with_those_that_have_some() -> None:
    with pytest.raises(SettingsError, match="expected days from 2026-01-05 to 2026-01-09"):
        partition_tags(Backfill(date(2027, 1, 1), None), DAYS)
