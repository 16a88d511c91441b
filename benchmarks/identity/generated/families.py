"""10,000 records of persons in British families: one telephone, mailbox and address for many, and names that are close."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from benchmarks.identity.generated.contacts import (
    family_mailbox,
    mailbox,
    mailbox_written,
    mobile,
    mobile_written,
)
from benchmarks.identity.generated.delivered import Delivered, Row, deliver
from benchmarks.identity.generated.dice import Dice
from benchmarks.identity.generated.kin import Person, household, surname
from benchmarks.identity.generated.name_slips import middle_written, pair_written
from benchmarks.identity.generated.places import Place, any_line, any_place, cities_world, dialled, written
from benchmarks.identity.generated.slips import digit_slip, slip

COLUMNS = ("name", "date_of_birth", "gender", "phone", "email", "address", "town", "postcode")
RECORDS = 10_000
_YEAR = 2024
_RECORDS_EACH = {1: 0.36, 2: 0.30, 3: 0.20, 4: 0.14}
_TITLES = {"M": ("Mr", "Mr.", "Dr"), "F": ("Mrs", "Ms", "Miss", "Dr", "Mrs.")}


@dataclass(frozen=True)
class Family:
    """What the members share: the address, mostly a fixed line, seldom a mailbox."""

    place: Place
    line: str
    mailbox: str


@dataclass(frozen=True)
class Contact:
    """One member at one time: what can be told of how to reach him; empty where he has none."""

    person: Person
    family: Family
    mobile: str
    mailbox: str


def families(seed: int = 1) -> Delivered:
    """One source `families` of 10,000 rows."""
    dice = Dice(seed)
    rows: list[tuple[str, Row]] = []
    used: list[str] = []
    number = 0
    while len(rows) < RECORDS:
        persons = household(dice, f"f{number}", _YEAR)
        before, after = _two_times(dice, persons[0])
        is_moved = dice.chance(0.14)
        parent = _contact(dice, persons[0], before, None, used)
        for person in persons:
            then = parent if person is persons[0] else _contact(dice, person, before, parent, used)
            now = _changed(dice, then, after if is_moved else before)
            rows += [
                (person.key, _row(dice, dice.pick((then, now)))) for _ in range(dice.weighed(_RECORDS_EACH))
            ]
        number += 1
    return deliver(dice, {"families": COLUMNS}, {"families": rows[:RECORDS]})


def _two_times(dice: Dice, head: Person) -> tuple[Family, Family]:
    """The family before and after a move; its mailbox stays, and mostly its line does not."""
    cities = [city for city in cities_world() if city.country == "GB"]
    city = dice.common(cities)
    first = Family(
        replace(any_place(dice, city, 0), unit=f"Flat {dice.between(1, 40)}" if dice.chance(0.15) else ""),
        any_line(dice, city) if dice.chance(0.75) else "",
        family_mailbox(dice, head.surname) if dice.chance(0.3) else "",
    )
    next_city = city if dice.chance(0.6) else dice.common(cities)
    line = first.line if next_city == city and dice.chance(0.3) else any_line(dice, next_city)
    return first, replace(first, place=any_place(dice, next_city, 0), line=line)


def _contact(dice: Dice, person: Person, family: Family, parent: Contact | None, used: list[str]) -> Contact:
    """Children have a parent's number and mailbox where they have none; few numbers had another owner once."""
    age = _YEAR - person.birth.year
    number = (
        used.pop(0)
        if used and dice.chance(0.01)
        else mobile(dice)
        if dice.chance(0.9 if age > 17 else 0.45 if age > 11 else 0)
        else ""
    )
    box = mailbox(dice, person) if dice.chance(0.75 if age > 15 else 0.2 if age > 10 else 0) else ""
    if parent and age < 18:
        number = number or (parent.mobile if dice.chance(0.5) else "")
        box = box or (parent.mailbox if dice.chance(0.5) else "")
    elif parent and dice.chance(0.12):
        box = parent.mailbox
    return Contact(person, family, number, box)


def _changed(dice: Dice, then: Contact, family: Family) -> Contact:
    """The same person later: another number, mailbox or, for some women, surname; young adults live elsewhere."""
    person, age = then.person, _YEAR - then.person.birth.year
    if person.sex == "F" and 20 <= age <= 45 and not person.maiden and dice.chance(0.15):
        person = replace(person, maiden=person.surname, surname=surname(dice))
    if 18 <= age <= 30 and dice.chance(0.2):
        city = family.place.city
        family = Family(any_place(dice, city, 0), "", "")
    number = mobile(dice) if then.mobile and age > 11 and dice.chance(0.15) else then.mobile
    box = mailbox(dice, person) if then.mailbox and age > 15 and dice.chance(0.15) else then.mailbox
    return Contact(person, family, number, box)


def _row(dice: Dice, contact: Contact) -> Row:
    person, family = contact.person, contact.family
    city = family.place.city
    has_place = dice.chance(0.72)
    row = {
        "name": _name(dice, person),
        "date_of_birth": _born(dice, person.birth) if dice.chance(0.5) else "",
        "gender": dice.pick((person.sex, {"M": "male", "F": "female"}[person.sex]))
        if dice.chance(0.4)
        else "",
        "phone": _phone(dice, contact),
        "email": _email(dice, contact),
        "address": written(dice, family.place) if has_place else "",
        "town": (slip(dice, city.name) if dice.chance(0.02) else city.name)
        if has_place or dice.chance(0.3)
        else "",
        "postcode": (digit_slip(dice, family.place.postcode) if dice.chance(0.02) else family.place.postcode)
        if has_place and dice.chance(0.85)
        else "",
    }
    if not (row["phone"] or row["email"] or row["address"]):
        row["date_of_birth"], row["town"] = _born(dice, person.birth), city.name
    return row


def _name(dice: Dice, person: Person) -> str:
    """The whole name in one of the orders of the lists, with or without title and middle name."""
    first, last = pair_written(dice, person, maiden_share=0.06)
    middle = middle_written(dice, person) if dice.chance(0.3) else ""
    if dice.chance(0.05):
        first = first[0]
    inner = f"{first} {middle}".strip()
    form = dice.weighed(
        {
            "{inner} {last}": 10,
            "{last}, {inner}": 1.5,
            "{title} {inner} {last}": 2,
            "{title} {last}": 0.15,
            "{last} {inner}": 0.4,
        }
    )
    text = form.format(inner=inner, last=last, title=_title(dice, person)).strip()
    return text.upper() if dice.chance(0.07) else text.lower() if dice.chance(0.05) else text


def _title(dice: Dice, person: Person) -> str:
    if _YEAR - person.birth.year < 18:
        return "Master" if person.sex == "M" else "Miss"
    return dice.common(_TITLES[person.sex])


def _born(dice: Dice, born: date) -> str:
    text = f"{born:%d/%m/%Y}"
    return (
        f"01/01/{born.year}" if dice.chance(0.015) else digit_slip(dice, text) if dice.chance(0.01) else text
    )


def _phone(dice: Dice, contact: Contact) -> str:
    if dice.chance(0.2):
        return ""
    line = contact.family.line
    if line and (not contact.mobile or dice.chance(0.35)):
        return dialled(dice, line)
    return mobile_written(dice, contact.mobile) if contact.mobile else ""


def _email(dice: Dice, contact: Contact) -> str:
    if dice.chance(0.35):
        return ""
    shared = contact.family.mailbox
    box = shared if shared and (not contact.mailbox or dice.chance(0.35)) else contact.mailbox
    return mailbox_written(dice, box) if box else ""
