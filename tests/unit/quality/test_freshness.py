"""The clocks of a source on deliveries made by hand: every state, both ends of daylight saving, zones, the future."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.contracts.model import Sla
from pipelines.quality.freshness import (
    FRESH,
    LATE,
    NEVER_DELIVERED,
    NO_EVENTS,
    NO_SCHEDULE,
    STALE,
    Delivery,
    Freshness,
    judge,
    later,
    moment_of,
)

SHANGHAI, BERLIN, NEW_YORK = (ZoneInfo(z) for z in ("Asia/Shanghai", "Europe/Berlin", "America/New_York"))
NOW = datetime(2026, 3, 10, 18, 30, tzinfo=UTC)  # 02:30 on the 11th in Shanghai
DAILY = Sla(frequency_hours=24)
DAILY_AND_6 = Sla(frequency_hours=24, latency_hours=6)


def ago(hours: float, **more: object) -> Delivery:
    return Delivery(NOW - timedelta(hours=hours), **more)  # type: ignore[arg-type]


def judged(*deliveries: Delivery, sla: Sla = DAILY_AND_6, now: datetime = NOW, **more: object) -> Freshness:
    again = more.pop("again", ())
    return judge("some", sla, deliveries, again, now, more.pop("zone", SHANGHAI), **more)  # type: ignore[arg-type]


def test_a_source_that_never_delivered_is_not_fresh() -> None:
    found = judged()
    assert found.by_delivery.state == NEVER_DELIVERED
    assert found.by_event is not None
    assert found.by_event.state == NEVER_DELIVERED
    assert judged(sla=Sla()).by_delivery.state == NEVER_DELIVERED  # whatever its contract promises


@pytest.mark.parametrize(
    ("hours", "state", "late"),
    [(0, FRESH, 0), (30, FRESH, 0), (30.5, LATE, 0.5), (90, LATE, 60), (90.1, STALE, 60.1), (9000, STALE, 8970)],
)  # fmt: skip
def test_a_delivery_is_late_past_frequency_and_latency_and_stale_past_three_times_that(
    hours: float, state: str, late: float
) -> None:
    clock = judged(ago(hours), ago(hours + 700)).by_delivery
    assert (clock.state, round(clock.hours_late, 6)) == (state, late)
    assert clock.newest == NOW - timedelta(hours=hours)
    assert clock.due_at == NOW - timedelta(hours=hours - 30)


@pytest.mark.parametrize(
    ("sla", "due"),
    [(Sla(frequency_hours=24), 24), (Sla(latency_hours=6), 6), (DAILY_AND_6, 30), (Sla(), None)],
)
def test_either_of_frequency_and_latency_is_a_schedule_and_without_both_nothing_is_judged(
    sla: Sla, due: float | None
) -> None:
    clock = judged(ago(5000), sla=sla).by_delivery
    assert clock.state == (NO_SCHEDULE if due is None else STALE)
    assert clock.due_at == (None if due is None else NOW - timedelta(hours=5000 - due))


def test_one_row_of_2099_keeps_no_dead_source_alive() -> None:
    dead = ago(
        500, latest_event_at=datetime(2099, 1, 1), latest_past_event_at=datetime(2026, 2, 1), future_events=1
    )
    found = judged(dead)
    assert found.by_event is not None
    assert (found.by_delivery.state, found.by_event.state) == (STALE, STALE)
    assert found.by_event.newest == datetime(2026, 2, 1, tzinfo=SHANGHAI)
    assert (found.future.deliveries, found.future.rows, found.future.latest) == (1, 1, datetime(2099, 1, 1))


def test_a_day_ahead_is_another_zone_or_clock_and_more_is_the_future() -> None:
    wall = datetime(2026, 3, 11, 2, 30)  # NOW in Shanghai
    near = judged(ago(1, latest_event_at=wall + timedelta(hours=24), latest_past_event_at=wall))
    assert near.future.deliveries == 0
    far = judged(ago(1, latest_event_at=wall + timedelta(hours=24, minutes=1), latest_past_event_at=wall))
    assert (far.future.deliveries, far.future.rows) == (1, 1)


def test_events_a_little_ahead_count_as_of_now_and_not_beyond() -> None:
    ahead = judged(ago(1, latest_past_event_at=datetime(2026, 3, 11, 20)))
    assert ahead.by_event is not None
    assert ahead.by_event.newest == NOW


def test_a_delivery_of_today_with_old_events_is_fresh_by_the_one_clock_only() -> None:
    found = judged(ago(1, latest_past_event_at=datetime(2026, 3, 9, 20)))
    assert found.by_event is not None
    assert (found.by_delivery.state, found.by_event.state) == (FRESH, LATE)
    assert round(found.by_event.hours_late, 6) == 0.5
    none = judged(ago(1))
    assert none.by_event is not None
    assert none.by_event.state == NO_EVENTS
    no_promise = judged(ago(1, latest_past_event_at=datetime(2020, 1, 1)), sla=DAILY)
    assert no_promise.by_event is not None
    assert no_promise.by_event.state == NO_SCHEDULE
    assert judged(ago(1), has_events=False).by_event is None


def test_known_bytes_that_came_again_are_a_sign_of_life() -> None:
    assert judged(ago(500), again=[NOW - timedelta(hours=2)]).by_delivery.state == FRESH
    assert judged(ago(500), again=[NOW - timedelta(hours=40)]).by_delivery.state == LATE


def test_a_file_of_ninety_minutes_before_the_run_is_fresh_in_every_zone() -> None:
    """UTC was held against the home's midnight: in Shanghai every moment seemed eight hours older."""
    for zone in (SHANGHAI, BERLIN, NEW_YORK):
        now = moment_of(NOW, NOW.astimezone(zone).date(), zone)
        assert now == NOW
        clock = judged(ago(1.5), sla=Sla(frequency_hours=2), now=now, zone=zone).by_delivery
        assert (clock.state, clock.hours_late) == (FRESH, 0)
        assert clock.due_at is not None
        assert clock.due_at.utcoffset() == NOW.astimezone(zone).utcoffset()


def test_the_moment_of_judging_is_now_or_the_end_of_a_past_day_in_the_homes_zone() -> None:
    assert moment_of(NOW, date(2026, 3, 11), SHANGHAI) == NOW
    assert moment_of(NOW, date(2030, 1, 1), SHANGHAI) == NOW
    assert moment_of(NOW, date(2026, 3, 10), SHANGHAI) == datetime(2026, 3, 10, 16, tzinfo=UTC)
    assert moment_of(NOW, date(2026, 3, 9), NEW_YORK) == datetime(
        2026, 3, 10, 4, tzinfo=UTC
    )  # daylight saving


def test_what_came_after_the_day_that_is_judged_does_not_make_it_fresh() -> None:
    past = moment_of(NOW, date(2026, 3, 8), SHANGHAI)
    assert judged(ago(1), now=past).by_delivery.state == NEVER_DELIVERED
    assert judged(ago(1), ago(200), now=past).by_delivery.state == STALE
    assert judged(ago(200), again=[NOW], now=past).by_delivery.state == STALE


def test_files_of_one_run_have_moments_just_after_its_beginning() -> None:
    assert judged(Delivery(NOW + timedelta(microseconds=7))).by_delivery.newest == NOW


@pytest.mark.parametrize(
    ("zone", "delivered", "due"),
    [
        # The day after has 23 hours in spring and 25 in autumn: the same wall time, not the same number of hours.
        (BERLIN, datetime(2026, 3, 28, 1, 15, tzinfo=UTC), datetime(2026, 3, 29, 1, 15, tzinfo=UTC)),  # 02:15 is left out
        (BERLIN, datetime(2026, 3, 28, 5, 0, tzinfo=UTC), datetime(2026, 3, 29, 4, 0, tzinfo=UTC)),
        (BERLIN, datetime(2026, 10, 24, 4, 0, tzinfo=UTC), datetime(2026, 10, 25, 5, 0, tzinfo=UTC)),
        (NEW_YORK, datetime(2026, 3, 7, 11, 0, tzinfo=UTC), datetime(2026, 3, 8, 10, 0, tzinfo=UTC)),
        (NEW_YORK, datetime(2026, 10, 31, 10, 0, tzinfo=UTC), datetime(2026, 11, 1, 11, 0, tzinfo=UTC)),
        (SHANGHAI, datetime(2026, 3, 28, 5, 0, tzinfo=UTC), datetime(2026, 3, 29, 5, 0, tzinfo=UTC)),
    ],
)  # fmt: skip
def test_a_day_more_is_the_same_wall_time_when_clocks_are_changed(
    zone: ZoneInfo, delivered: datetime, due: datetime
) -> None:
    assert later(delivered, 24, zone) == due
    assert later(delivered, 30, zone) == due + timedelta(hours=6)  # hours pass as they are
    one = Delivery(delivered)
    assert judged(one, sla=DAILY, now=due, zone=zone).by_delivery.state == FRESH
    late = judged(one, sla=DAILY, now=due + timedelta(minutes=30), zone=zone).by_delivery
    assert (late.state, late.hours_late) == (LATE, 0.5)


def test_the_hours_that_a_source_is_late_are_those_that_passed() -> None:
    delivered = datetime(2026, 3, 27, 5, tzinfo=UTC)  # due on Saturday, 06:00 in Berlin
    now = datetime(2026, 3, 29, 4, tzinfo=UTC)  # Sunday, 06:00: 23 hours later
    assert judged(Delivery(delivered), sla=DAILY, now=now, zone=BERLIN).by_delivery.hours_late == 23


def days(*numbers: int) -> list[Delivery]:
    return [Delivery(datetime(2026, 3, number, 20, tzinfo=SHANGHAI)) for number in numbers]


@pytest.mark.parametrize(
    ("frequency", "delivered", "gaps"),
    [
        (24, days(3, 4, 5, 6, 7, 8, 9, 10), []),
        (24, days(4, 5, 8, 10), [6, 7, 9]),
        (24, days(8), [9, 10]),  # today may still bring one
        (2, days(8), [9, 10]),
        (24 * 3, days(1, 5), [8]),  # late on the 5th, not left out
        (24 * 7, days(1), []),
        (24 * 4, days(1), [5]),
        (None, days(1), []),
    ],
)
def test_gaps_are_days_on_which_a_delivery_was_expected_and_none_came(
    frequency: float | None, delivered: list[Delivery], gaps: list[int]
) -> None:
    found = judged(*delivered, sla=Sla(frequency_hours=frequency, latency_hours=1)).gaps
    assert [day.day for day in found] == gaps


def test_a_gap_is_a_day_of_the_homes_zone_and_forgotten_after_thirty() -> None:
    late_evening = [
        Delivery(datetime(2026, 3, 8, 17, tzinfo=UTC)),
        Delivery(datetime(2026, 3, 10, 15, tzinfo=UTC)),
    ]
    assert judged(*late_evening, sla=DAILY).gaps == ()  # the 9th and 10th in Shanghai
    assert judged(*late_evening, sla=DAILY, zone=NEW_YORK).gaps == (date(2026, 3, 9),)
    old = judged(ago(24 * 50), sla=DAILY).gaps
    assert (len(old), old[0], old[-1]) == (30, date(2026, 2, 9), date(2026, 3, 10))
    again = judged(ago(24 * 50), sla=DAILY, again=[NOW - timedelta(days=n) for n in range(1, 40)])
    assert again.gaps == ()


moments = st.datetimes(datetime(2026, 1, 1), datetime(2026, 3, 10, 18), timezones=st.just(UTC))
walls = st.none() | st.datetimes(datetime(1000, 1, 1), datetime(2199, 1, 1))
deliveries = st.lists(
    st.builds(Delivery, moments, walls, walls.map(lambda w: w and min(w, datetime(2026, 3, 11))), st.integers(0, 9)),
    min_size=1, max_size=8,
)  # fmt: skip
slas = st.builds(Sla, st.none() | st.floats(0.1, 9e5), st.none() | st.floats(0.1, 9e5))
zones = st.sampled_from([SHANGHAI, BERLIN, NEW_YORK, ZoneInfo("Pacific/Apia")])


@given(deliveries, slas, zones, st.lists(moments, max_size=3))
def test_only_what_arrived_decides_the_clock_of_deliveries(
    found: list[Delivery], sla: Sla, zone: ZoneInfo, again: list[datetime]
) -> None:
    fresh = judge("some", sla, found, again, NOW, zone)
    without_events = judge("some", sla, [Delivery(one.arrived_at) for one in found], again, NOW, zone)
    assert fresh.by_delivery == without_events.by_delivery
    assert fresh.by_delivery.newest == max([*again, *(one.arrived_at for one in found)])
    assert (fresh.by_delivery.hours_late > 0) == (fresh.by_delivery.state in (LATE, STALE))
    assert fresh.by_event is not None
    assert fresh.by_event.newest is None or fresh.by_event.newest <= NOW


@given(deliveries, slas, zones, st.datetimes(datetime(2026, 3, 12, 12), datetime(2400, 1, 1)))
def test_an_event_of_the_future_never_makes_a_source_fresher(
    found: list[Delivery], sla: Sla, zone: ZoneInfo, future: datetime
) -> None:
    before = judge("some", sla, found, (), NOW, zone)
    oldest = min(one.arrived_at for one in found)
    after = judge("some", sla, [*found, Delivery(oldest, future, future, 1)], (), NOW, zone)
    assert (after.by_delivery, after.by_event) == (before.by_delivery, before.by_event)
    assert after.future.deliveries == before.future.deliveries + 1


@given(moments, st.floats(0, 2000), st.floats(0, 2000), zones)
def test_a_longer_time_is_never_due_earlier(
    moment: datetime, one: float, more: float, zone: ZoneInfo
) -> None:
    first, second = later(moment, one, zone), later(moment, one + more + 24, zone)
    assert first < second
    assert abs((first - moment.astimezone(zone)) / timedelta(hours=1) - one) <= 25
