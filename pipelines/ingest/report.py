"""What happened to the deliveries of one source in one run. Counts, reason codes and file names; never a value."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True)
class DeliveryReport:
    """One file. status: accepted, known (the same bytes came before), refused (see error_code), unfinished.

    Of one that was taken again: replaced, unchanged (its rows came out as they are stored), refused (they stay).
    """

    file_name: str
    status: str
    delivery_id: str | None = None
    rows_in: int = 0
    accepted: int = 0
    quarantined: int = 0
    duplicate: int = 0
    closed: int = 0
    reasons: dict[str, int] = field(default_factory=dict)
    repairs: dict[str, int] = field(default_factory=dict)
    error_code: str | None = None
    error_message: str | None = None
    warnings: tuple[str, ...] = ()
    absent: tuple[str, ...] = ()  # mapped columns that an accepted file lacks
    added: tuple[str, ...] = ()  # unmapped columns that no earlier delivery of the source had
    latest_event_at: datetime | None = None
    arrived_at: datetime | None = None  # of a known one that carries a moment, UTC without zone


@dataclass(frozen=True)
class SourceReport:
    """All deliveries of one source that this run looked at."""

    source_id: str
    deliveries: tuple[DeliveryReport, ...]

    @property
    def rows_in(self) -> int:
        return sum(delivery.rows_in for delivery in self.deliveries)

    @property
    def accepted(self) -> int:
        return sum(delivery.accepted for delivery in self.deliveries)

    @property
    def quarantined(self) -> int:
        return sum(delivery.quarantined for delivery in self.deliveries)

    @property
    def duplicate(self) -> int:
        return sum(delivery.duplicate for delivery in self.deliveries)

    @property
    def reasons(self) -> dict[str, int]:
        return dict(sum((Counter(delivery.reasons) for delivery in self.deliveries), Counter()))

    @property
    def absent(self) -> dict[str, int]:
        """Mapped columns that accepted files lack, with the number of these files."""
        return dict(Counter(column for delivery in self.deliveries for column in delivery.absent))

    @property
    def added(self) -> dict[str, int]:
        """Unmapped columns that came for the first time, with the number of files that have them."""
        return dict(Counter(column for delivery in self.deliveries for column in delivery.added))

    @property
    def repairs(self) -> dict[str, int]:
        return dict(sum((Counter(delivery.repairs) for delivery in self.deliveries), Counter()))
