"""What service's page makes of a card: ways to ask, golden values and what lost, and why a channel is closed."""

from __future__ import annotations

from typing import Any

import pytest

from pipelines.desk.service.cards import channels, fields, timeline
from pipelines.desk.service.find import ways_to_say


@pytest.mark.parametrize(
    ("asked", "way"),
    [
        ("13800138000", "+8613800138000"),
        ("138 0013 8000", "+8613800138000"),
        ("＋１ 415 555 2671", "+14155552671"),
        ("王小明", "王小明"),
        ("張偉", "张伟"),
        ("wang xiao ming", "xiao ming wang"),
        ("Xiaoming Wang", "Wang Xiaoming"),
        ("Wang, Xiaoming", "Xiaoming Wang"),
        (" C123 ", "C123"),
    ],
)
def test_words_are_looked_for_as_the_cards_know_them(asked: str, way: str) -> None:
    assert way in ways_to_say(asked)


def point(kind: str, *, is_usable: bool) -> dict[str, Any]:
    return {"customer_id": "C1", "kind": kind, "is_usable": is_usable}


def test_a_channel_is_closed_for_each_reason_that_closes_it() -> None:
    card: dict[str, list[dict[str, Any]]] = {
        "customer_contact_points": [point("phone", is_usable=True), point("email", is_usable=False)],
        "customer_suppressions": [
            {"channel": "sms", "purpose": "any", "reason": "opt_out", "effective_at": "2026-01-02 03:04:05"}
        ],
        "customer_consents": [
            {"channel": "phone", "purpose": "survey", "verdict": "granted", "refused_at": None},
            {
                "channel": "email",
                "purpose": "marketing",
                "verdict": "refused",
                "refused_at": "2026-02-03 00:00:00",
            },
        ],
    }
    told = {one.name: [name for name, _ in one.reasons] for one in channels(card)}
    assert told == {
        "phone": [], "sms": ["closed_opt_out"], "email": ["closed_not_usable", "closed_refused"], "post": ["closed_no_value"],
    }  # fmt: skip
    assert [one.name for one in channels(card) if one.is_open] == ["phone"]
    (reason,) = next(one for one in channels(card) if one.name == "sms").reasons
    assert reason[1] == {"purpose": "any", "at": "2026-01-02", "reason": "opt_out"}
    card["customer_suppressions"][0]["channel"] = "any"
    assert not any(one.is_open for one in channels(card))


def test_a_field_shows_its_golden_value_and_what_lost_and_nothing_that_is_left_out() -> None:
    def value(field: str, text: str | None, rank: int) -> dict[str, Any]:
        return {
            "customer_id": "C1",
            "field": field,
            "value": text,
            "is_golden": rank == 1,
            "value_rank": rank,
        }

    found = fields(
        {"customer_values": [value("phone", "b", 2), value("phone", "a", 1), value("income_band", None, 1)]}
    )
    assert [
        (one.name, one.golden and one.golden["value"], [row["value"] for row in one.lost]) for one in found
    ] == [("phone", "a", ["b"])]


def test_the_newest_event_comes_first() -> None:
    assert [
        row["event_number"]
        for row in timeline({"customer_timeline": [{"event_number": 1}, {"event_number": 12}]})
    ] == [12, 1]
