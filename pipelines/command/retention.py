"""What the next night will remove for its age, and a person's word that the clock is right."""

from __future__ import annotations

from datetime import UTC, datetime

from rich.console import Console

from pipelines.contracts.load import load_contracts
from pipelines.ingest.raw_retention import past_term
from pipelines.publishing.locks import home_lock
from pipelines.settings import Settings
from pipelines.storage.retention_clock import trust_clock


def show_retention(
    settings: Settings, console: Console, *, trusted: bool, now: datetime | None = None
) -> None:
    """List by source what is past its term at `now` (default: the clock); with `trusted` the next night may act on it.

    Nothing is removed here. Raises HomeBusyError while a run holds the home and the clock shall be trusted.
    """
    moment = now or datetime.now(UTC)
    contracts = load_contracts(settings.home)
    found = past_term(contracts, settings.home, moment)
    for source, due in sorted(found.items()):
        count = "1 delivery" if due.deliveries == 1 else f"{due.deliveries:,} deliveries"
        _tell(
            console,
            f"past their term: {count} of {source} with {due.rows:,} rows and {due.rejected:,} rejected",
        )
    unlimited = sorted(contract.id for contract in contracts.contracts if contract.sla.retention_days is None)
    if unlimited:
        _tell(
            console, f"kept without a term, since their contracts state no retention: {', '.join(unlimited)}"
        )
    if not found:
        _tell(console, f"Nothing in raw is past its term on {moment:%Y-%m-%d}.")
    if trusted:
        with home_lock(settings):
            trust_clock(settings.home, moment)
        _tell(console, f"The clock is trusted at {moment:%Y-%m-%d}: the next run removes what is listed.")


def _tell(console: Console, text: str) -> None:
    console.print(text, highlight=False, markup=False, soft_wrap=True)
