"""About 50,000 records of people in households: a census-like list, and a list of benefits some years later.

No telephone and no e-mail. Three persons in four are in both; in the second list many births are a year, an age or missing.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from benchmarks.identity.generated.delivered import Delivered, Row, deliver
from benchmarks.identity.generated.dice import Dice
from benchmarks.identity.generated.kin import Person, household, surname
from benchmarks.identity.generated.name_slips import middle_written, pair_written
from benchmarks.identity.generated.places import KINDS, Place
from benchmarks.identity.generated.slips import digit_slip, slip
from benchmarks.identity.generated.towns import Town, home, towns

_PLACE_COLUMNS = ("house_number", "street", "unit", "city", "state", "zip")
COLUMNS = {
    "households_census": ("first_name", "middle_name", "last_name", "sex", "date_of_birth", *_PLACE_COLUMNS),
    "households_benefits": (
        "first_name",
        "middle_initial",
        "last_name",
        "sex",
        "birth",
        "age",
        *_PLACE_COLUMNS,
    ),
}
PERSONS = 28_300
_CENSUS, _BENEFITS = 2020, 2023


def households(seed: int = 1) -> Delivered:
    """Two sources, `households_census` and `households_benefits`, of the same 30 towns."""
    dice = Dice(seed)
    places = towns(dice, 30)
    rows: dict[str, list[tuple[str, Row]]] = {name: [] for name in COLUMNS}
    empty: list[Place] = []
    count, number = 0, 0
    while count < PERSONS:
        town = dice.common(places)
        persons = household(dice, f"h{number}", _CENSUS)
        _add_household(dice, persons, _two_homes(dice, town, places, empty), places, rows)
        count, number = count + len(persons), number + 1
    return deliver(dice, COLUMNS, rows)


def _two_homes(
    dice: Dice, town: Town, all_towns: list[Town], left_behind: list[Place]
) -> tuple[Place, Place]:
    """Where a household lived in the first list and in the second: some move, and of these some into a home left by others."""
    first = home(dice, town)
    if not dice.chance(0.11):
        return first, first
    is_free = bool(left_behind) and dice.chance(0.4)
    second = (
        left_behind.pop(0) if is_free else home(dice, town if dice.chance(0.7) else dice.common(all_towns))
    )
    left_behind.append(first)
    return first, second


def _add_household(
    dice: Dice,
    persons: list[Person],
    homes: tuple[Place, Place],
    all_towns: list[Town],
    rows: dict[str, list[tuple[str, Row]]],
) -> None:
    """Rows of the household's persons in the first list, the second or both."""
    first, together = homes
    for person in persons:
        lists = dice.weighed({"both": 0.75, "first": 0.125, "second": 0.125})
        if lists != "second":
            rows["households_census"] += [
                (person.key, _census_row(dice, person, first)) for _ in range(1 + dice.chance(0.01))
            ]
        if lists != "first":
            later, place = _later(dice, person, together, dice.common(all_towns))
            rows["households_benefits"] += [
                (person.key, _benefits_row(dice, later, place)) for _ in range(1 + dice.chance(0.02))
            ]


def _later(dice: Dice, person: Person, place: Place, elsewhere: Town) -> tuple[Person, Place]:
    """The person some years on: young adults leave home, and some women marry."""
    age = _CENSUS - person.birth.year
    if 17 <= age <= 32 and dice.chance(0.16):
        place = home(dice, elsewhere)
    if person.sex == "F" and 19 <= age <= 38 and not person.maiden and dice.chance(0.07):
        person = replace(person, maiden=person.surname, surname=surname(dice))
    return person, place


def _census_row(dice: Dice, person: Person, place: Place) -> Row:
    first, last = pair_written(dice, person, 0.8)
    born = _born(dice, person.birth)
    return {
        "first_name": first,
        "middle_name": middle_written(dice, person),
        "last_name": last,
        "sex": _sex(dice, person),
        "date_of_birth": "" if dice.chance(0.03) else born.isoformat(),
        **_place_row(dice, place),
    }


def _benefits_row(dice: Dice, person: Person, place: Place) -> Row:
    first, last = pair_written(dice, person, 1.2)
    born = _born(dice, person.birth)
    known = dice.weighed({"day": 0.48, "year": 0.14, "age": 0.12, "": 0.26})
    age = _BENEFITS - born.year + dice.weighed({0: 0.85, 1: 0.08, -1: 0.07})
    row = {
        "first_name": first,
        "middle_initial": middle_written(dice, person)[:1],
        "last_name": last,
        "sex": _sex(dice, person),
        "birth": {"day": f"{born:%m/%d/%Y}", "year": str(born.year)}.get(known, ""),
        "age": str(max(age, 0)) if known == "age" else "",
        **_place_row(dice, place),
    }
    return {name: text.upper() for name, text in row.items()}


def _born(dice: Dice, born: date) -> date:
    """The birth date with its usual slips: day and month swapped, or one of the three parts wrong."""
    if dice.chance(0.012) and born.day <= 12:
        return date(born.year, born.day, born.month)
    if dice.chance(0.02):
        part = dice.below(3)
        year = born.year + dice.pick((-10, -1, 1, 10)) if part == 0 else born.year
        return date(
            year,
            dice.between(1, 12) if part == 1 else born.month,
            dice.between(1, 28) if part == 2 else min(born.day, 28),
        )
    return born


def _sex(dice: Dice, person: Person) -> str:
    return dice.weighed({person.sex: 0.955, "": 0.035, "F" if person.sex == "M" else "M": 0.01})


def _place_row(dice: Dice, place: Place) -> Row:
    kind = KINDS[place.kind] if dice.chance(0.6) else place.kind if dice.chance(0.95) else ""
    street = slip(dice, place.street) if dice.chance(0.04) else place.street
    unit = place.unit if dice.chance(0.8) else place.unit.removeprefix("Apt ") if dice.chance(0.5) else ""
    return {
        "house_number": ""
        if dice.chance(0.01)
        else digit_slip(dice, place.number)
        if dice.chance(0.015)
        else place.number,
        "street": f"{street} {kind}".strip(),
        "unit": unit,
        "city": slip(dice, place.city.name) if dice.chance(0.02) else place.city.name,
        "state": place.city.region,
        "zip": ""
        if dice.chance(0.03)
        else digit_slip(dice, place.postcode)
        if dice.chance(0.015)
        else place.postcode,
    }
