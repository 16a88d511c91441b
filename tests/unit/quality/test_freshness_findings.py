"""What the checks of freshness say, and that the contract decides whether a late source is red."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from pipelines.quality.freshness import (
    FRESH,
    LATE,
    NEVER_DELIVERED,
    NO_EVENTS,
    NO_SCHEDULE,
    STALE,
    Clock,
    Freshness,
    FutureEvents,
)
from pipelines.quality.freshness_findings import DESCRIPTIONS, Finding, findings

THEN = datetime(2026, 3, 9, 12, tzinfo=UTC)
OK = Clock(FRESH, THEN, THEN)
BEHIND = Clock(LATE, THEN, THEN, 5.25)


def told(
    by_delivery: Clock = OK, by_event: Clock | None = OK, severity: str = "warn", **more: object
) -> dict[str, Finding]:
    found = findings(Freshness("some", by_delivery, by_event, **more), severity)  # type: ignore[arg-type]
    assert [finding.check for finding in found] == list(DESCRIPTIONS)
    return {finding.check: finding for finding in found}


def failed(found: dict[str, Finding]) -> list[str]:
    return [name for name, finding in found.items() if not finding.passed]


def test_a_fresh_source_passes_every_check_and_so_does_one_without_event_times() -> None:
    assert failed(told()) == []
    assert failed(told(by_event=None)) == []
    assert "no event time" in told(by_event=None)["event_freshness"].told


@pytest.mark.parametrize(
    ("severity", "passed", "red"), [("fail", False, True), ("warn", False, False), ("info", True, False)]
)
def test_the_contract_decides_what_a_late_source_does(severity: str, passed: bool, red: bool) -> None:
    found = told(BEHIND, Clock(STALE, THEN, THEN, 99.0), severity)
    for check in ("freshness", "event_freshness"):
        assert (found[check].passed, found[check].is_red, found[check].severity) == (passed, red, severity)
    assert "5.2 hours late" in found["freshness"].told
    assert "three times" in found["event_freshness"].told
    assert failed(told(Clock(STALE, THEN, THEN, 1.0))) == ["freshness"]
    assert failed(told(by_event=Clock(NO_EVENTS))) == ["event_freshness"]


@pytest.mark.parametrize("severity", ["fail", "warn", "info"])
def test_a_source_that_never_delivered_is_a_warning_of_its_own(severity: str) -> None:
    found = told(Clock(NEVER_DELIVERED), Clock(NEVER_DELIVERED), severity)
    assert failed(found) == ["freshness"]
    assert (found["freshness"].severity, found["freshness"].is_red) == ("warn", False)
    assert "No delivery" in found["freshness"].told
    assert "draft" in found["freshness"].remedy


def test_without_a_schedule_nothing_is_judged_and_that_is_said() -> None:
    found = told(Clock(NO_SCHEDULE, THEN), Clock(NO_SCHEDULE, THEN), "fail")
    assert failed(found) == []
    assert "no frequency" in found["freshness"].told
    assert "no latency" in found["event_freshness"].told


def test_future_events_and_gaps_are_warnings_with_their_figures() -> None:
    found = told(
        severity="fail",
        future=FutureEvents(2, 17, datetime(2099, 1, 1)),
        gaps=tuple(date(2026, 3, d) for d in range(1, 9)),
    )
    assert failed(found) == ["future_events", "delivery_gaps"]
    assert not any(finding.is_red for finding in found.values())
    assert "events: 2" in found["future_events"].told
    assert "rows: 17" in found["future_events"].told
    assert "8 days: … 2026-03-04" in found["delivery_gaps"].told
