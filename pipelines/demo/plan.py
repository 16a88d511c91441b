"""Plans a demo without writing a file: all records of all people, block by block, with their truth."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta

from pipelines.demo.attribution import make_attributable
from pipelines.demo.circumstances import tag_circumstances
from pipelines.demo.desk import SOURCES, Desk
from pipelines.demo.dice import Dice
from pipelines.demo.draft import Draft
from pipelines.demo.fates import live
from pipelines.demo.households import make_households
from pipelines.demo.layouts import Layout, layout_of
from pipelines.demo.organisations import OrganisationRow, make_organisation, organisation_rows, role_draft
from pipelines.demo.people import World
from pipelines.demo.person import ORGANISATION, Person
from pipelines.demo.rendering import Row, render
from pipelines.demo.repeats import add_repeats
from pipelines.demo.sources.contacts import call_center, campaigns, opt_outs, staff_notes, verifications
from pipelines.demo.sources.lists import list_leased, list_partner, list_purchased
from pipelines.demo.sources.purchases import anonymous_lines, ecommerce_orders, store_pos
from pipelines.demo.sources.registrations import member_club, prize_cards, referrals, web_registrations
from pipelines.demo.trouble import inject

BLOCK = 500
"""People per block. Families, recycled numbers and organisations stay within one: memory is bounded."""
ORGANISATION_SHARE = 0.03
ANONYMOUS_SHARE = 0.03
_BUILDERS = (
    prize_cards, web_registrations, member_club, ecommerce_orders, store_pos, list_purchased, list_leased,
    list_partner, call_center, staff_notes, opt_outs, verifications, referrals,
)  # fmt: skip


@dataclass(slots=True)
class Entry:
    """One row to be delivered, and whose it is; `person_id` is empty for a receipt that names nobody."""

    source: str
    key: str
    row: Row
    person_id: str
    entity_type: str
    group: str
    evidence: str = "person"
    trouble: set[str] = field(default_factory=set)
    repeats: int = 0


def make_world(seed: int, as_of: date) -> World:
    return World(seed, as_of, Dice("world", seed).whole(0, 99_999_999))


def blocks(people: int) -> Iterator[tuple[int, int]]:
    """(block number, people in it) for a whole demo."""
    for block in range(-(-people // BLOCK)):
        yield block, min(BLOCK, people - block * BLOCK)


def plan_block(block: int, count: int, world: World, wave: int = 1) -> list[Entry]:
    """All rows about the people of one block, in the order in which they are delivered."""
    population = make_households(block * BLOCK, count, world, Dice("people", world.seed, block))
    live(population, world, Dice("fates", world.seed, block))
    desk = Desk(world, Dice("records", world.seed, block, wave), block, wave)
    layouts = {source: layout_of(source) for source in SOURCES}
    roles, rows = _organisations(population, desk, layouts["organisations"])
    drafts: list[Draft] = []
    for person in population:
        drafts.extend(person_records(person, roles.get(person.id, []), desk, layouts))
    if block == 0:
        _bring_up_to_date(drafts, desk)
    nobody = anonymous_lines(desk, population[0], int(count * ANONYMOUS_SHARE))
    entries = [_entry(draft, layouts, desk) for draft in drafts]
    entries += [_entry(draft, layouts, desk, anonymous=True) for draft in nobody]
    entries += [_organisation_entry(row) for row in rows]
    desk.dice.shuffle(entries)
    return entries


def person_records(person: Person, roles: list[Draft], desk: Desk, layouts: dict[str, Layout]) -> list[Draft]:
    """The records of one person in all sources, with their trouble; everyone has at least one."""
    drafts = [*roles, *(draft for build in _BUILDERS for draft in build(person, desk))]
    if not drafts:
        drafts = _somewhere(person, desk)
    for draft in drafts:
        inject(draft, desk.dice)
    drafts = make_attributable(drafts, layouts) or make_attributable(_somewhere(person, desk), layouts)
    drafts.extend(campaigns(person, desk, _mailboxes(drafts)))
    drafts.extend(add_repeats(drafts, desk))
    for draft in drafts:
        tag_circumstances(draft)
    return drafts


def _somewhere(person: Person, desk: Desk) -> list[Draft]:
    """A record for somebody whom chance gave none: a bought name and address."""
    draft = desk.draft("list_purchased", person, desk.moment(900))
    return [desk.give(draft, name=1, phone=0.8, email=0.3, birth=0.6, home=1)]


def _mailboxes(drafts: list[Draft]) -> list[str]:
    return sorted(
        {
            draft.email
            for draft in drafts
            if draft.email and not {"email"} & (draft.slips.keys() | draft.junk.keys())
        }
    )


def _organisations(
    population: list[Person], desk: Desk, layout: Layout
) -> tuple[dict[str, list[Draft]], list[OrganisationRow]]:
    """Organisations of the block: rows about themselves, and drafts about persons in roles by person id."""
    roles: dict[str, list[Draft]] = {}
    rows: list[OrganisationRow] = []
    for person in population:
        if not desk.dice.chance(ORGANISATION_SHARE):
            continue
        organisation = make_organisation(person.number, person, desk)
        rows.extend(organisation_rows(organisation, layout, desk))
        for member in {person.id: person, **_colleague(population, person, desk)}.values():
            roles.setdefault(member.id, []).append(role_draft(organisation, member, desk))
    return roles, rows


def _colleague(population: list[Person], person: Person, desk: Desk) -> dict[str, Person]:
    other = desk.dice.pick(population)
    return {other.id: other} if other.country == person.country and desk.dice.chance(0.4) else {}


def _bring_up_to_date(drafts: list[Draft], desk: Desk) -> None:
    """Give the latest record of each source a time on the eve of the as-of date: every source is fresh."""
    eve = desk.world.now - timedelta(minutes=45)
    for source in SOURCES:
        own = [draft for draft in drafts if draft.source == source]
        if own:
            latest = max(own, key=lambda draft: (draft.updated_at or draft.at, draft.key))
            if source == "member_club":
                latest.updated_at = eve
                continue
            receipt = latest.values.get("transaction_id")
            for draft in own:
                if draft is latest or (receipt and draft.values.get("transaction_id") == receipt):
                    draft.at, draft.updated_at = eve, None


def _entry(draft: Draft, layouts: dict[str, Layout], desk: Desk, anonymous: bool = False) -> Entry:
    row = render(draft, layouts[draft.source], desk.dice)
    if anonymous:
        return Entry(draft.source, draft.key, row, "", "anonymous", "", "none")
    person = draft.person
    evidence = "reference" if draft.is_reference else "person"
    return Entry(
        draft.source,
        draft.key,
        row,
        person.id,
        "person",
        person.group,
        evidence,
        draft.trouble,
        draft.repeats,
    )


def _organisation_entry(found: OrganisationRow) -> Entry:
    return Entry(
        "organisations", found.key, found.row, found.organisation_id, "organisation", ORGANISATION,
        trouble=found.trouble,
    )  # fmt: skip


def plan(people: int, seed: int, as_of: date) -> Iterator[Entry]:
    """Every entry of a demo, a block at a time."""
    world = make_world(seed, as_of)
    for block, count in blocks(people):
        yield from plan_block(block, count, world)
