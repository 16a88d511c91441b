"""What `ucv run --since` asks for, checked before any work: which stored deliveries of which sources are taken again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from pipelines.contracts.load import load_contracts
from pipelines.errors import SettingsError
from pipelines.settings import Settings


@dataclass(frozen=True)
class Backfill:
    """Days of delivery, both included, in the home's zone; no sources: all."""

    since: date
    until: date | None
    sources: tuple[str, ...] = ()


def backfill_of(
    settings: Settings, since: date | None, until: date | None, sources: tuple[str, ...]
) -> Backfill | None:
    """None when nothing is to be taken again. Raises SettingsError for options that do not go together."""
    if since is None:
        if until or sources:
            raise SettingsError(
                "--until and --source choose among deliveries that are taken again; expected --since DAY."
            )
        return None
    if until and until < since:
        raise SettingsError(
            f"--until is {until}, before --since {since}; expected a day that is not earlier."
        )
    known = {contract.id for contract in load_contracts(settings.home).contracts}
    unknown = sorted({*sources} - known)
    if unknown:
        raise SettingsError(
            f"--source is {', '.join(unknown)}; expected one that has a contract: {', '.join(sorted(known))}."
        )
    return Backfill(since, until, sources)


def partition_tags(asked: Backfill, days: Any) -> dict[str, str]:
    """Dagster's tags for the range of partitions `days` (its daily definition) that is asked for.

    Raises SettingsError when no day of it holds a delivery.
    """
    keys = days.get_partition_keys()
    wanted = [
        key for key in keys if asked.since.isoformat() <= key and (asked.until is None or key <= asked.until.isoformat())
    ]  # fmt: skip
    if not wanted:
        raise SettingsError(
            f"Nothing was delivered from {asked.since} to {asked.until or 'today'}; expected days from {keys[0]} to {keys[-1]}."
        )
    return {
        "dagster/asset_partition_range_start": wanted[0],
        "dagster/asset_partition_range_end": wanted[-1],
    }
