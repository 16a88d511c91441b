"""A later delivery of the same demo: new events, corrected records under their old keys, and new people."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from pathlib import Path

from pipelines.demo.attribution import tokens
from pipelines.demo.circumstances import tag_circumstances
from pipelines.demo.delivering import Deliveries
from pipelines.demo.desk import Desk
from pipelines.demo.dice import Dice
from pipelines.demo.draft import FULL, Draft
from pipelines.demo.entries import Entry, entry_of
from pipelines.demo.generate import DEFAULT_SEED, DemoSummary, summary_of
from pipelines.demo.people import World, new_phone
from pipelines.demo.plan import Block, blocks, bring_up_to_date, entries_of, make_block, make_world
from pipelines.demo.records import later_events
from pipelines.demo.truth import later_truth_file
from pipelines.errors import UcvError

EVENT_SHARE, CORRECTION_SHARE, NEW_SHARE = 0.05, 0.01, 0.01
_CORRECTED = frozenset({"member_club", "web_registrations"})
_NEW_NUMBER = 4


def generate_followup(
    home: Path, people: int, seed: int = DEFAULT_SEED, *, as_of: date, delivered_on: date | None = None
) -> DemoSummary:
    """Write what a demo of the same people, seed and as_of gets on a later day (default: the next one).

    About 5 % of the people have new events, 1 % correct a registration (same key, later updated_at), 1 % are
    new. Truth of the new records is added beside the first; that of corrected records stands already.
    Raises UcvError when `delivered_on` is not after `as_of`.
    """
    day = delivered_on or as_of + timedelta(days=1)
    if day <= as_of:
        raise UcvError(f"A later delivery on {day} does not come after {as_of}; pass a later delivered_on.")
    world, later = make_world(seed, as_of), make_world(seed, day)
    path = later_truth_file(home, day)
    with Deliveries(home, day, seed, path) as deliveries:
        count = 0
        for number, size in blocks(people):
            block = make_block(number, size, world)
            entries, corrected = _changes(block, later, number, as_of)
            deliveries.write(entries, corrected)
            count = number + 1
        newcomers = _newcomers(count, max(1, int(people * NEW_SHARE)), world)
        deliveries.write(newcomers)
    return summary_of(deliveries, people, path)


def _changes(block: Block, later: World, number: int, as_of: date) -> tuple[list[Entry], list[Entry]]:
    """New events and corrected registrations of the people of one block."""
    dice = Dice("later", later.seed, later.as_of, number)
    desk = Desk(later, dice, number, since=datetime.combine(as_of, time()))
    events: list[Draft] = []
    corrected: list[Draft] = []
    for person in block.people:
        earlier = block.records[person.id]
        if dice.chance(EVENT_SHARE):
            events.extend(later_events(person, earlier, desk))
        if dice.chance(CORRECTION_SHARE):
            corrected.extend(_correction(earlier, desk))
    if number == 0:
        bring_up_to_date(events, desk)
    return [entry_of(draft, desk) for draft in events], [entry_of(draft, desk) for draft in corrected]


def _correction(records: list[Draft], desk: Desk) -> list[Draft]:
    """One registration with a new number under its old key, if the others still tell whose it is."""
    for record in records:
        if record.source not in _CORRECTED or record.named != FULL or not record.phone:
            continue
        if record.trouble & {"exact_duplicate", "junk_phone"} or not record.shows("phone"):
            continue
        changed = record.copy_as(record.key)
        changed.phone = new_phone(record.person, _NEW_NUMBER, desk.moment(), desk.world, desk.dice)
        changed.updated_at, changed.repeats = desk.moment(), 0
        others = [tokens(other) for other in records if other is not record]
        if not others or any(tokens(changed) & shown for shown in others):
            tag_circumstances(changed)
            return [changed]
    return []


def _newcomers(block: int, count: int, world: World) -> list[Entry]:
    """People who were never delivered before; their records may be old."""
    return entries_of(make_block(block, count, world))
