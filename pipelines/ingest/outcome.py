"""What became of the rows of one delivery."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path


@dataclass(frozen=True)
class Outcome:
    """What became of the rows; the views `accepted`, `quarantined` and `keyed` stay on the connection."""

    counts: dict[str, int]
    reasons: dict[str, int]
    repairs: dict[str, int]
    warnings: tuple[str, ...]
    header: list[str]  # columns of the contract under their physicalName; '' for one without a name
    absent: tuple[str, ...]  # physicalNames of mapped columns that did not come
    schema: list[str]  # columns of the accepted rows
    extra_columns: list[str]
    first_event_at: datetime | None
    latest_event_at: datetime | None
    latest_past_event_at: datetime | None  # of those that lie not in the future
    future_events: int  # rows whose event lies in the future
    loaded_at: datetime = datetime.min  # UTC without zone: when the run began
    rows: Path = Path()  # file of the accepted rows
