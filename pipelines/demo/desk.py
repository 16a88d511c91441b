"""The desk at which the records of one block are written: chance, the world, running numbers by source."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta

from pipelines.demo.dice import Dice
from pipelines.demo.draft import Draft
from pipelines.demo.people import World
from pipelines.demo.person import Person

PREFIXES = {
    "prize_cards": "PC",
    "web_registrations": "W",
    "member_club": "MC",
    "store_pos": "T",
    "ecommerce_orders": "E",
    "list_purchased": "HX",
    "list_leased": "OP",
    "list_partner": "SR",
    "call_center": "CC",
    "campaigns": "EV",
    "opt_outs": "OO",
    "verifications": "V",
    "organisations": "ORG",
    "staff_notes": "N",
    "referrals": "RF",
}
"""Every source and how its record keys begin."""

SOURCES = tuple(PREFIXES)


class Desk:
    """Gives keys, moments and empty drafts; one per block, so that blocks do not depend on each other."""

    def __init__(self, world: World, dice: Dice, block: int, since: datetime | None = None) -> None:
        self.world, self.dice, self.block = world, dice, block
        self._since = since  # only what happened after the first delivery, in a later one
        self._mark = "" if since is None else f"{since:%y%m%d}-"
        self._counts: Counter[str] = Counter()

    def key(self, source: str) -> str:
        """The next source_record_id of the source; no other block or delivery gives it."""
        self._counts[source] += 1
        return f"{PREFIXES[source]}{self._mark}{self.block:05d}{self._counts[source]:04d}"

    def moment(self, days: int = 1095, latest: int = 0) -> datetime:
        """A moment in the last `days` days before the as-of date, not within the last `latest` days.

        At the desk of a later delivery: a moment since the first one, whatever was asked.
        """
        now = self.world.now - timedelta(seconds=1800)
        if self._since is not None:
            return self.dice.moment(self._since, now)
        return self.dice.moment(now - timedelta(days=days), now - timedelta(days=latest))

    def draft(self, source: str, person: Person, at: datetime) -> Draft:
        draft = Draft(source, self.key(source), at, person)
        draft.style = self.dice.whole(0, 23)
        return draft

    def give(  # noqa: PLR0913, PLR0917 - one probability per field
        self,
        draft: Draft,
        name: float = 0,
        phone: float = 0,
        email: float = 0,
        birth: float = 0,
        home: float = 0,
    ) -> Draft:
        """Fill the usual fields, each with its probability (0-1), as they were at the time of the record."""
        dice, person, at = self.dice, draft.person, draft.at
        if dice.chance(name):
            draft.name_form = "native"
        if dice.chance(phone):
            draft.phone = person.phone_at(at)
        if person.emails and dice.chance(email):
            draft.email = person.emails[0] if dice.chance(0.8) else person.emails[-1]
        if dice.chance(birth):
            draft.birth = person.birth
        if dice.chance(home):
            draft.home = person.home_at(at)
        return draft
