"""All records of one person: every source is asked, trouble falls on them, and truth is kept honest."""

from __future__ import annotations

from pipelines.demo.attribution import make_attributable
from pipelines.demo.behaviour import settle_contacts
from pipelines.demo.circumstances import tag_circumstances
from pipelines.demo.desk import Desk
from pipelines.demo.draft import Draft
from pipelines.demo.person import Person
from pipelines.demo.repeats import add_repeats
from pipelines.demo.sources.contacts import call_center, campaigns, opt_outs, staff_notes, verifications
from pipelines.demo.sources.lists import list_leased, list_partner, list_purchased
from pipelines.demo.sources.purchases import ecommerce_orders, store_pos
from pipelines.demo.sources.registrations import member_club, prize_cards, referrals, web_registrations
from pipelines.demo.trait_columns import add_traits
from pipelines.demo.trouble import inject

EVENTS = (ecommerce_orders, store_pos, call_center, staff_notes, opt_outs)
"""Sources whose records are single events: more of them come with every delivery."""

_SOURCES = (
    *EVENTS,
    prize_cards,
    web_registrations,
    member_club,
    list_purchased,
    list_leased,
    list_partner,
    verifications,
    referrals,
)


def person_records(person: Person, roles: list[Draft], desk: Desk) -> list[Draft]:
    """The records of one person in all sources, at least one; `roles` are those in organisations."""
    drafts = [*roles, *(draft for ask in _SOURCES for draft in ask(person, desk))]
    for draft in drafts:
        inject(draft, desk.dice)
    drafts = make_attributable(drafts) or [_somewhere(person, desk)]
    settle_contacts(drafts)
    drafts.extend(campaigns(person, desk, mailboxes(drafts)))
    add_traits(drafts, desk.world)
    drafts.extend(add_repeats(drafts, desk))
    for draft in drafts:
        tag_circumstances(draft)
    return drafts


def later_events(person: Person, earlier: list[Draft], desk: Desk) -> list[Draft]:
    """More events of somebody whose records so far are `earlier`; each can be told to be theirs."""
    drafts = [draft for ask in EVENTS for draft in ask(person, desk)]
    for draft in drafts:
        inject(draft, desk.dice)
    known = {id(draft) for draft in earlier}
    found = [draft for draft in make_attributable([*earlier, *drafts]) if id(draft) not in known]
    found.extend(campaigns(person, desk, mailboxes(earlier)))
    add_traits(found, desk.world)
    for draft in found:
        tag_circumstances(draft)
    return found


def mailboxes(drafts: list[Draft]) -> list[str]:
    """The mailboxes that the records show rightly."""
    return sorted({draft.email for draft in drafts if draft.email and draft.shows("email")})


def _somewhere(person: Person, desk: Desk) -> Draft:
    """A record for somebody whom chance gave none that can be told: a bought name, birth date and address."""
    draft = desk.draft("list_purchased", person, desk.moment(900))
    return desk.give(draft, name=1, phone=0.8, email=0.3, birth=1, home=1)
