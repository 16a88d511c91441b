"""What the checks of a source's freshness say: one finding per check, with the severity that its contract asks for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from pipelines.quality.freshness import (
    GAP_DAYS,
    JUDGED_LATE,
    NEVER_DELIVERED,
    NO_EVENTS,
    NO_SCHEDULE,
    STALE,
    Clock,
    Freshness,
)

DESCRIPTIONS = {
    "freshness": "The newest delivery came within frequency + latency of the contract",
    "event_freshness": "The newest event is not older than frequency + latency of the contract",
    "future_events": "No delivery holds events of more than a day ahead",
    "delivery_gaps": f"A delivery came whenever the contract's frequency asked for one in the last {GAP_DAYS} days",
}
"""The checks of every source, by name."""

OWNER = "data steward"
_ASK = "Ask the source for its delivery; if it delivers more rarely by now, correct slaProperties of the contract."
_REMEDIES = {
    "freshness": _ASK,
    "event_freshness": "Ask the source why what it delivers is old.",
    "future_events": "Have the clock or the date format of the source corrected; these events are no sign of life.",
    "delivery_gaps": "Ask the source for what it left out.",
}
_NONE_CAME = "No delivery has come"
_NEVER = "Put its first delivery where the contract looks for it, or set the contract's status to draft until it comes."


@dataclass(frozen=True)
class Finding:
    """One check of one source. `told` says what was found, `remedy` what to do; severity is fail, warn or info.

    A finding of severity info passes whatever it tells.
    """

    check: str
    passed: bool
    severity: str
    told: str
    remedy: str
    owner: str = OWNER

    @property
    def is_red(self) -> bool:
        return not self.passed and self.severity == "fail"


def findings(fresh: Freshness, severity: str) -> tuple[Finding, ...]:
    """One finding for each of DESCRIPTIONS; `severity` is that of the source's contract, for what came late.

    A source that never delivered is a warning whatever the contract says: it may have begun today.
    """
    is_never = fresh.by_delivery.state == NEVER_DELIVERED
    by_event = fresh.by_event
    future = fresh.future
    ahead = f"deliveries with such events: {future.deliveries}, rows: {future.rows}, up to {_shown(future.latest)}"
    return (
        _finding(
            "freshness", is_never or _is_late(fresh.by_delivery), "warn" if is_never else severity,
            _NONE_CAME if is_never else _told(fresh.by_delivery, "newest delivery"),
            _NEVER if is_never else _ASK,
        ),
        _finding(
            "event_freshness", by_event is not None and _is_late(by_event), severity,
            _told(by_event, "newest event") if by_event else "The contract maps no event time",
        ),
        _finding("future_events", future.deliveries > 0, "warn", ahead if future.deliveries else "none"),
        _finding(
            "delivery_gaps", bool(fresh.gaps), "warn",
            f"none on {len(fresh.gaps)} days: {_days(fresh)}" if fresh.gaps else "no gap",
        ),
    )  # fmt: skip


def _finding(check: str, is_found: bool, severity: str, told: str, remedy: str = "") -> Finding:
    return Finding(check, not is_found or severity == "info", severity, told, remedy or _REMEDIES[check])


def _is_late(clock: Clock) -> bool:
    return clock.state in JUDGED_LATE


def _told(clock: Clock, what: str) -> str:
    if clock.state == NEVER_DELIVERED:
        return _NONE_CAME
    if clock.state == NO_EVENTS:
        return "No accepted row has an event time that can have been"
    told = f"{clock.state}: {what} {_shown(clock.newest)}"
    if clock.state == NO_SCHEDULE:
        return f"{told}; the contract states no {'latency' if what.endswith('event') else 'frequency'}, so nothing is judged"
    told += f", due {_shown(clock.due_at)}"
    late = f", {clock.hours_late:.1f} hours late" if clock.hours_late else ""
    return f"{told}{late}{', more than three times as long as allowed' if clock.state == STALE else ''}"


def _days(fresh: Freshness) -> str:
    shown = [day.isoformat() for day in fresh.gaps[-5:]]
    return f"{'… ' if len(fresh.gaps) > len(shown) else ''}{', '.join(shown)}"


def _shown(moment: datetime | None) -> str:
    return moment.isoformat(" ", "minutes") if moment else "none"
