"""Whether a night may remove what is old by its clock: not after a leap that no night explains.

Terms are counted on the machine's clock. One that was set forward by years would make everything old at once, so a home
remembers the last moment that it trusted; a night much later than that removes nothing by age until a person says that the
clock is right. A clock set back only makes things younger.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from pipelines.storage.durable import write_file

LONGEST_REST = timedelta(days=100)
"""A home that ran once a quarter is trusted without a word."""


def _path(home: Path) -> Path:
    return home / "warehouse" / "trusted_clock"


def distrust(home: Path, now: datetime, recorded: Callable[[], Iterable[datetime]]) -> str | None:
    """Why nothing may go by age at `now`, or None. `recorded`: moments at which something was loaded or published, asked
    for in a home that remembers none.

    Remembers `now` when it is trusted. All moments with time zone.
    """
    last = _last(home)
    if last is None:
        last = max((moment for moment in recorded() if moment < now), default=now)
        _remember(home, last)  # what this run itself records must not make a later one trusted
    if now - last > LONGEST_REST:
        return (
            f"The clock stands at {now:%Y-%m-%d}, {(now - last).days:,} days after {last:%Y-%m-%d}, the last night that was "
            "trusted: nothing was removed for its age. If the clock is right, run `ucv retention --trust-clock`."
        )
    _remember(home, now)
    return None


def trust_clock(home: Path, now: datetime) -> None:
    """A person says that the clock is right."""
    _remember(home, now)


def _last(home: Path) -> datetime | None:
    try:
        found = datetime.fromisoformat(_path(home).read_text(encoding="ascii").strip())
    except (OSError, ValueError):
        return None
    return found if found.tzinfo else None


def _remember(home: Path, moment: datetime) -> None:
    write_file(_path(home), f"{moment.astimezone(UTC).isoformat()}\n")
