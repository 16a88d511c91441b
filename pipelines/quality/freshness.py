"""How fresh a source is: by what it delivered, by the events in it, and on which days a delivery did not come.

Moments are instants; days and deadlines are those of the home's time zone, so that a day with 23 or 25 hours is one day.
Event times come without a zone and are read as wall time there.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from pipelines.contracts.model import Sla

FRESH, LATE, STALE = "fresh", "late", "stale"
NEVER_DELIVERED = "never delivered"
NO_EVENTS = "no events"
"""The event clock of a source that delivered, but nothing with a time that can have been."""
NO_SCHEDULE = "no schedule declared"
JUDGED_LATE = frozenset({LATE, STALE, NO_EVENTS})

TOLERANCE = timedelta(days=1)
"""Events that lie further ahead are in the future: nearer ones may be another zone's or a clock's that is fast."""

GAP_DAYS = 30
_STALE_AFTER = 3  # times the time that the contract allows
_OF_ONE_RUN = timedelta(
    seconds=1
)  # files of a run have moments of their own, microseconds after its beginning
_OLDEST_EVENT = datetime(1900, 1, 1)


@dataclass(frozen=True)
class Delivery:
    """What one committed delivery says of time.

    `arrived_at` is an instant; events are wall times, None where it has none; `future_events` are the rows whose event lay
    in the future when it was loaded (at least 1 where that is not known).
    """

    arrived_at: datetime
    latest_event_at: datetime | None = None
    latest_past_event_at: datetime | None = None
    future_events: int = 0


@dataclass(frozen=True)
class Clock:
    """One of a source's clocks. `newest` and `due_at` are in the home's zone; `hours_late` is 0 unless past due."""

    state: str
    newest: datetime | None = None
    due_at: datetime | None = None
    hours_late: float = 0.0


@dataclass(frozen=True)
class FutureEvents:
    """Deliveries with events in the future, their rows, and the latest of these events (wall time)."""

    deliveries: int = 0
    rows: int = 0
    latest: datetime | None = None


@dataclass(frozen=True)
class Freshness:
    """One source at one moment. `by_event` is None where its contract maps no event time.

    `gaps` are the days of the last 30 on which a delivery was expected and none came before the next was.
    """

    source: str
    by_delivery: Clock
    by_event: Clock | None = None
    future: FutureEvents = FutureEvents()
    gaps: tuple[date, ...] = ()


def moment_of(started_at: datetime, as_of: date, zone: ZoneInfo) -> datetime:
    """The instant at which sources are judged: when the run began, or the end of the as-of day if that is past."""
    return min(started_at, datetime.combine(as_of + timedelta(days=1), time(), zone).astimezone(UTC))


def later(moment: datetime, hours: float, zone: ZoneInfo) -> datetime:
    """`hours` after an instant, in `zone`: whole days by the calendar there, the rest as it passes."""
    days, rest = divmod(hours, 24)
    local = moment.astimezone(zone)
    wall = local.replace(tzinfo=None) + timedelta(days=days)
    due = wall.replace(tzinfo=zone, fold=local.fold).astimezone(UTC) + timedelta(hours=rest)
    return due.astimezone(zone)


def judge(  # noqa: PLR0913, PLR0917 - one source's surroundings
    source: str,
    sla: Sla,
    deliveries: Iterable[Delivery],
    seen_again: Iterable[datetime],
    now: datetime,
    zone: ZoneInfo,
    *,
    has_events: bool = True,
) -> Freshness:
    """Judge one source at the instant `now`; what arrived after it is left out.

    `seen_again` are instants at which known deliveries came once more. Events in the future are never a sign of life.
    """
    there = [one for one in deliveries if one.arrived_at - _OF_ONE_RUN <= now]
    arrived = [*(one.arrived_at for one in there), *(one for one in seen_again if one - _OF_ONE_RUN <= now)]
    signs = sorted(min(moment, now) for moment in arrived)
    if not there:
        return Freshness(source, Clock(NEVER_DELIVERED), Clock(NEVER_DELIVERED) if has_events else None)
    return Freshness(
        source,
        _clock(signs[-1], _hours(sla), now, zone),
        _event_clock(there, sla, now, zone) if has_events else None,
        _future_events(there, now, zone),
        _gaps(signs, sla, now, zone),
    )


def _hours(sla: Sla) -> float | None:
    """What the contract allows between two deliveries."""
    declared = [hours for hours in (sla.frequency_hours, sla.latency_hours) if hours is not None]
    return sum(declared) if declared else None


def _clock(newest: datetime, hours: float | None, now: datetime, zone: ZoneInfo) -> Clock:
    local = newest.astimezone(zone)
    if hours is None:
        return Clock(NO_SCHEDULE, local)
    due_at = later(newest, hours, zone)
    if now <= due_at:
        return Clock(FRESH, local, due_at)
    state = STALE if now > later(newest, _STALE_AFTER * hours, zone) else LATE
    return Clock(state, local, due_at, (now.astimezone(UTC) - due_at.astimezone(UTC)) / timedelta(hours=1))


def _event_clock(deliveries: Sequence[Delivery], sla: Sla, now: datetime, zone: ZoneInfo) -> Clock:
    """Judged where the contract says how old what it delivers may be (latency)."""
    bound = _wall(now, zone) + TOLERANCE
    past = [event for one in deliveries if (event := one.latest_past_event_at) is not None and event <= bound]
    if not past:
        return Clock(NO_SCHEDULE if sla.latency_hours is None else NO_EVENTS)
    newest = min(_instant(max(past), zone), now)
    return _clock(newest, None if sla.latency_hours is None else _hours(sla), now, zone)


def _future_events(deliveries: Sequence[Delivery], now: datetime, zone: ZoneInfo) -> FutureEvents:
    bound = _wall(now, zone) + TOLERANCE
    ahead = [one for one in deliveries if one.latest_event_at is not None and one.latest_event_at > bound]
    latest = max((one.latest_event_at for one in ahead if one.latest_event_at), default=None)
    return FutureEvents(len(ahead), sum(max(one.future_events, 1) for one in ahead), latest)


def _gaps(signs: Sequence[datetime], sla: Sla, now: datetime, zone: ZoneInfo) -> tuple[date, ...]:
    """Of a source that delivers every n days: each n-th day after a delivery, while none came for another n days."""
    if sla.frequency_hours is None:
        return ()
    step = timedelta(days=max(1, int(sla.frequency_hours // 24)))
    today = now.astimezone(zone).date()
    first = today - timedelta(days=GAP_DAYS)
    days = sorted({sign.astimezone(zone).date() for sign in signs})
    missed = []
    for day, following in zip(days, [*days[1:], today], strict=True):
        expected = day + step
        while expected + step <= following:
            missed.append(expected)
            expected += step
    return tuple(day for day in missed if day >= first)


def _wall(moment: datetime, zone: ZoneInfo) -> datetime:
    return moment.astimezone(zone).replace(tzinfo=None)


def _instant(wall: datetime, zone: ZoneInfo) -> datetime:
    return max(wall, _OLDEST_EVENT).replace(tzinfo=zone).astimezone(UTC)
