"""Plans a demo without writing a file: all records of all people, block by block, with their truth."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from pipelines.demo.desk import SOURCES, Desk
from pipelines.demo.dice import Dice
from pipelines.demo.draft import Draft
from pipelines.demo.entries import Entry, entry_of, nobodys_entry, organisations_entry
from pipelines.demo.fates import live
from pipelines.demo.households import make_households
from pipelines.demo.layouts import layout_of
from pipelines.demo.organisations import OrganisationRow, make_organisation, organisation_rows, role_draft
from pipelines.demo.people import World
from pipelines.demo.person import Person
from pipelines.demo.records import person_records
from pipelines.demo.sources.purchases import anonymous_lines

BLOCK = 500
"""People per block. Families, recycled numbers and organisations stay within one: memory is bounded."""
ORGANISATION_SHARE = 0.03
ANONYMOUS_SHARE = 0.03


@dataclass(slots=True)
class Block:
    """The people of one block and everything that is written about them."""

    people: list[Person]
    records: dict[str, list[Draft]]  # person id -> records
    receipts: list[Draft]  # that name nobody
    organisations: list[OrganisationRow]
    desk: Desk


def make_world(seed: int, as_of: date) -> World:
    """The world of one demo; two demos of one seed have the same people if they are about the same day."""
    return World(seed, as_of, Dice("world", seed).whole(0, 99_999_999))


def blocks(people: int) -> Iterator[tuple[int, int]]:
    """(block number, people in it) for a whole demo."""
    for block in range(-(-people // BLOCK)):
        yield block, min(BLOCK, people - block * BLOCK)


def make_block(block: int, count: int, world: World) -> Block:
    """The people of one block with their records; the same whenever and wherever it is made."""
    people = make_households(block * BLOCK, count, world, Dice("people", world.seed, block))
    live(people, world, Dice("fates", world.seed, block))
    desk = Desk(world, Dice("records", world.seed, block), block)
    roles, rows = _organisations(people, desk)
    records = {person.id: person_records(person, roles.get(person.id, []), desk) for person in people}
    if block == 0:
        bring_up_to_date([draft for drafts in records.values() for draft in drafts], desk)
    receipts = anonymous_lines(desk, people[0], int(count * ANONYMOUS_SHARE))
    return Block(people, records, receipts, rows, desk)


def entries_of(block: Block) -> list[Entry]:
    """All rows of the block in the order in which they are delivered."""
    entries = [entry_of(draft, block.desk) for drafts in block.records.values() for draft in drafts]
    entries += [nobodys_entry(draft, block.desk) for draft in block.receipts]
    entries += [organisations_entry(row) for row in block.organisations]
    block.desk.dice.shuffle(entries)
    return entries


def plan(people: int, seed: int, as_of: date) -> Iterator[Entry]:
    """Every entry of a demo, a block at a time."""
    world = make_world(seed, as_of)
    for block, count in blocks(people):
        yield from entries_of(make_block(block, count, world))


def bring_up_to_date(drafts: list[Draft], desk: Desk) -> None:
    """Give the latest record of each source a time on the eve of the as-of date: every source is fresh."""
    eve = desk.world.now - timedelta(minutes=45)
    for source in SOURCES:
        own = [draft for draft in drafts if draft.source == source]
        if not own:
            continue
        latest = max(own, key=lambda draft: (draft.updated_at or draft.at, draft.key))
        if source == "member_club":
            latest.updated_at = eve
            continue
        receipt = latest.values.get("transaction_id")
        for draft in own:
            if draft is latest or (receipt and draft.values.get("transaction_id") == receipt):
                draft.at, draft.updated_at = eve, None


def _organisations(people: list[Person], desk: Desk) -> tuple[dict[str, list[Draft]], list[OrganisationRow]]:
    """Organisations of the block: drafts about persons in roles by person id, and rows about themselves."""
    roles: dict[str, list[Draft]] = {}
    rows: list[OrganisationRow] = []
    layout = layout_of("organisations")
    for head in people:
        if not desk.dice.chance(ORGANISATION_SHARE):
            continue
        organisation = make_organisation(head.number, head, desk)
        rows.extend(organisation_rows(organisation, layout, desk))
        for person in _staff(people, head, desk):
            roles.setdefault(person.id, []).append(role_draft(organisation, person, desk))
    return roles, rows


def _staff(people: list[Person], head: Person, desk: Desk) -> list[Person]:
    other = desk.dice.pick(people)
    if other is not head and other.country == head.country and desk.dice.chance(0.4):
        return [head, other]
    return [head]
