"""What happens in people's lives: they move, change numbers, get a number that was another's, marry."""

from __future__ import annotations

from datetime import datetime, timedelta

from pipelines.demo import chinese, international
from pipelines.demo.dice import Dice
from pipelines.demo.people import World, new_phone
from pipelines.demo.person import Home, Person, Stay
from pipelines.demo.tables import divisions

_MOVE_SHARE, _CHANGE_SHARE, _RECYCLE_SHARE, _MARRY_SHARE = 0.12, 0.13, 0.35, 0.10
_YEARS_BACK = 1000
"""Days before the as-of date in which lives change: within the three years of registrations."""


def live(people: list[Person], world: World, dice: Dice) -> None:
    """Change the people of one block, in place."""
    freed: list[Person] = []
    for person in people:
        if dice.chance(_MOVE_SHARE):
            _move(person, world, dice)
        if len(person.phones) == 1 and person.phones[0].private and dice.chance(_CHANGE_SHARE):
            person.phones.append(new_phone(person, 1, _when(world, dice, 120), world, dice))
            freed.append(person)
        if (
            person.country in {"US", "GB", "DE", "FR", "IN"}
            and person.sex == "F"
            and dice.chance(_MARRY_SHARE)
        ):
            _marry(person, world, dice)
    for former in freed:
        if dice.chance(_RECYCLE_SHARE):
            _recycle(former, people, world, dice)


def _when(world: World, dice: Dice, latest: int) -> datetime:
    return world.now - timedelta(days=dice.whole(latest, _YEARS_BACK))


def _move(person: Person, world: World, dice: Dice) -> None:
    old = person.stays[0].home
    if person.country != "CN":
        new = international.home(person.country, dice)
    elif dice.chance(0.6):
        near = [one for one in divisions().items if one.city == old.city]
        new = chinese.home(dice, dice.pick(near))
    else:
        new = chinese.home(dice)
    person.stays.append(Stay(new, _when(world, dice, 60)))


def _recycle(former: Person, people: list[Person], world: World, dice: Dice) -> None:
    """The freed number is given out again: to somebody else of the same country, after half a year."""
    number, freed_at = former.phones[0], former.phones[1].since
    since = freed_at + timedelta(days=180)
    heir = dice.pick(people)
    fits = heir.household != former.household or heir.stays[0].home is not former.stays[0].home
    if since > world.now - timedelta(days=60) or heir.country != former.country or not fits or heir is former:
        return
    if any(not phone.private for phone in heir.phones) or len(heir.phones) > 1:
        return
    number.private, number.recycled = False, True
    again = type(number)(number.country_code, number.national, since, private=False, recycled=True)
    heir.phones.append(again)


def _marry(person: Person, world: World, dice: Dice) -> None:
    """The name until the wedding is another one; the present name stays as it is."""
    former = international.family_name(person.country, dice)
    if former != person.family:
        person.former_family = former
        person.married_at = _when(world, dice, 120)


def homes_of(person: Person) -> list[Home]:
    """All homes of the person in order of time."""
    return [stay.home for stay in person.stays]
