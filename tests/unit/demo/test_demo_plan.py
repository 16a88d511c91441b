"""What a demo holds: enough of every trouble, and a truth that a careful human could find."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta

import pytest

from pipelines.demo.attribution import tokens
from pipelines.demo.draft import Draft
from pipelines.demo.plan import blocks, make_block, make_world, plan
from pipelines.demo.trouble import TROUBLES

AS_OF = date(2026, 3, 1)
WORLD = make_world(7, AS_OF)


@pytest.fixture(scope="module")
def records() -> dict[str, list[Draft]]:
    """Records by person, of 2,000 people."""
    found: dict[str, list[Draft]] = {}
    for number, count in blocks(2000):
        found.update(make_block(number, count, WORLD).records)
    return found


def test_every_trouble_has_fifty_cases_at_twenty_thousand_people() -> None:
    counts: Counter[str] = Counter()
    for number, count in blocks(20_000):
        for drafts in make_block(number, count, WORLD).records.values():
            for draft in drafts:
                counts.update(draft.trouble)
    assert set(counts) == set(TROUBLES)
    assert {name: count for name, count in counts.items() if count < 50} == {}


def test_everyone_has_a_record_and_about_three_that_say_who(records: dict[str, list[Draft]]) -> None:
    assert len(records) == 2000
    assert min(map(len, records.values())) >= 1
    saying = sum(not draft.is_reference for drafts in records.values() for draft in drafts)
    assert 2.5 <= saying / 2000 <= 4.0


def test_ids_and_numbers_stand_on_part_of_the_records_only(records: dict[str, list[Draft]]) -> None:
    saying = [draft for drafts in records.values() for draft in drafts if not draft.is_reference]
    assert 0.05 <= sum(bool(draft.national_id) for draft in saying) / len(saying) <= 0.2
    assert 0.65 <= sum(bool(draft.phone) for draft in saying) / len(saying) <= 0.85


def test_records_of_a_person_hang_together(records: dict[str, list[Draft]]) -> None:
    for drafts in records.values():
        reached, waiting = tokens(drafts[0]), drafts[1:]
        while joined := [draft for draft in waiting if tokens(draft) & reached]:
            reached = reached.union(*map(tokens, joined))
            waiting = [draft for draft in waiting if draft not in joined]
        assert waiting == [], {draft.source for draft in waiting}


def test_no_evidence_is_shared_by_two_people(records: dict[str, list[Draft]]) -> None:
    owners: dict[tuple[object, ...], set[str]] = {}
    for person_id, drafts in records.items():
        for draft in drafts:
            for token in tokens(draft):
                whole = (*token, draft.person.given, draft.person.sex) if len(token) > 2 else token
                owners.setdefault(whole, set()).add(person_id)
    assert [token[0] for token, ids in owners.items() if len(ids) > 1] == []


def test_nothing_happens_after_the_start_of_the_as_of_date() -> None:
    latest: dict[str, str] = {}
    for drafts in make_block(0, 500, WORLD).records.values():
        for draft in drafts:
            time = draft.updated_at or draft.at
            assert time < WORLD.now
            latest[draft.source] = max(latest.get(draft.source, ""), time.isoformat())
    eve = (WORLD.now - timedelta(hours=2)).isoformat()
    assert {source for source, time in latest.items() if time < eve} == set()


def test_the_same_seed_gives_the_same_rows_and_another_seed_others() -> None:
    first = [(entry.source, entry.key, entry.row) for entry in plan(300, 7, AS_OF)]
    assert first == [(entry.source, entry.key, entry.row) for entry in plan(300, 7, AS_OF)]
    assert first != [(entry.source, entry.key, entry.row) for entry in plan(300, 8, AS_OF)]


def test_keys_are_unique_within_their_source() -> None:
    keys = [(entry.source, entry.key) for entry in plan(1200, 7, AS_OF)]
    assert len(keys) == len(set(keys))
