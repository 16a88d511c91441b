"""What can be known of the persons and organisations of the mixed set, before any list writes a part of it down."""

from __future__ import annotations

from dataclasses import dataclass, replace

from benchmarks.identity.generated.contacts import mailbox
from benchmarks.identity.generated.dice import Dice
from benchmarks.identity.generated.kin import Person, household
from benchmarks.identity.generated.organisation_kinds import Firm, building, chain, single
from benchmarks.identity.generated.places import Place, any_line, any_place, cities_us

ANCHORS = ("birth_date", "address", "phone", "email", "passport_no", "driver_license_no", "national_id")
_SHARES = {
    "birth_date": 4.0,
    "address": 4.0,
    "phone": 2.0,
    "email": 1.5,
    "passport_no": 1.0,
    "driver_license_no": 0.7,
    "national_id": 0.7,
}


@dataclass(frozen=True)
class Known:
    """A person with every fact; `anchor` names the one that most of the person's records have."""

    person: Person
    place: Place
    phone: str
    email: str
    passport_no: str
    driver_license_no: str
    national_id: str
    alias: str
    employer: Firm
    anchor: str


def firms(dice: Dice) -> list[Firm]:
    """About 45: 22 of their own, four chains of two or three branches, four houses of two or three tenants."""
    found = [single(dice, f"o{number}") for number in range(22)]
    for number in range(4):
        found += chain(dice, [f"o-chain{number}-{branch}" for branch in range(dice.between(2, 3))])
        found += building(dice, [f"o-house{number}-{tenant}" for tenant in range(dice.between(2, 3))])
    return found


def persons(dice: Dice, employers: list[Firm], count: int) -> list[Known]:
    """`count` persons or a few more, most of them in families of two to five."""
    found: list[Known] = []
    number = 0
    while len(found) < count:
        members = [_grown(person) for person in household(dice, f"p{number}", 2024)]
        number += 1
        if len(members) == 1 and dice.chance(0.4):
            continue
        found += _family(dice, _namesakes(dice, members), employers)
    return found


def _grown(person: Person) -> Person:
    """The person born 18 years earlier, so that children are adults too."""
    born = person.birth
    return replace(person, birth=born.replace(year=born.year - 18, day=min(born.day, 28)))


def _namesakes(dice: Dice, members: list[Person]) -> list[Person]:
    """In one family of four a son is named as his father: Sr and Jr."""
    father = members[0]
    sons = [person for person in members if person.sex == "M" and "-c" in person.key]
    if father.sex != "M" or not sons or not dice.chance(0.4):
        return members
    changed = {
        father.key: replace(father, suffix="Sr"),
        sons[0].key: replace(sons[0], given=father.given, suffix="Jr"),
    }
    return [changed.get(person.key, person) for person in members]


def _family(dice: Dice, members: list[Person], employers: list[Firm]) -> list[Known]:
    city = dice.common(cities_us())
    place, line, box = any_place(dice, city, 0.1), any_line(dice, city), mailbox(dice, members[0])
    found = []
    for person in members:
        found.append(
            Known(
                person,
                place if dice.chance(0.8) else any_place(dice, city, 0.2),
                line if dice.chance(0.5) else any_line(dice, city),
                box if dice.chance(0.35) else mailbox(dice, person),
                dice.pick("ACEX") + dice.digits(8),
                dice.pick("BDFHS") + dice.digits(7),
                f"{dice.between(100, 665)}-{dice.between(10, 99)}-{dice.between(1000, 9999)}",
                _alias(dice, person),
                dice.pick(employers),
                dice.weighed(_SHARES),
            )
        )
    return found


def _alias(dice: Dice, person: Person) -> str:
    """Another name that the person goes by."""
    other = person.middle or person.given[:3] + dice.pick(("o", "y", "ie"))
    return dice.pick(
        (
            f"{other} {person.surname}",
            f"{person.given} {person.maiden or other}",
            f"{dice.pick(('Ace', 'Red', 'Slim', 'Duke', 'Lucky', 'Doc'))} {person.surname}",
            f"{person.given} {person.surname[:4]}",
        )
    )
