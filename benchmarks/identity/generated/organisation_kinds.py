"""Invents organisations: what they are called in full, where they are, and which lines they can be reached on."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from benchmarks.identity.generated.dice import Dice, lines, words
from benchmarks.identity.generated.places import (
    City,
    Place,
    any_city,
    any_line,
    any_place,
    ordinal,
    with_unit,
)

_CHAINS = (
    "Coffee",
    "Burger",
    "Pizza",
    "Pharmacy",
    "Bank",
    "Hotel",
    "Fitness",
    "Supermarket",
    "Tire Center",
    "Dental",
    "Credit Union",
    "Car Rental",
)
FORMS = {
    "US": ("Inc.", "LLC", "Corporation", "Company", "Inc."),
    "GB": ("Limited", "Limited", "plc", "LLP"),
    "CA": ("Inc.", "Limited", "Corporation"),
    "AU": ("Pty Ltd", "Limited"),
    "DE": ("GmbH", "AG", "GmbH & Co. KG"),
    "FR": ("SARL", "S.A.", "SAS"),
    "ES": ("S.L.", "S.A."),
}


@dataclass(frozen=True)
class Firm:
    """One organisation at one address; `native` is its Chinese name, `branch` what a chain calls this branch."""

    key: str
    kind: str
    name: str
    form: str
    place: Place | None
    line: str
    domain: str
    branch: str = ""
    native: str = ""
    chain: str = ""


def single(dice: Dice, key: str, city: City | None = None, place: Place | None = None) -> Firm:
    """An organisation of its own; given a `place`, one of the firms in that building."""
    city = place.city if place else city or any_city(dice)
    kind = dice.weighed(
        {
            "hospital": 12,
            "school": 16,
            "restaurant": 18,
            "shop": 16,
            "maker": 16,
            "office": 20,
            "university": 5,
            "church": 6,
            "ordinal": 4,
        }
    )
    if place:
        kind = dice.pick(("office", "office", "maker", "shop", "hospital"))
    name, has_form = _name(dice, kind, city)
    form = dice.pick(FORMS[city.country]) if has_form else ""
    return Firm(
        key, kind, name, form, place or any_place(dice, city), any_line(dice, city), domain(dice, name, city)
    )


def building(dice: Dice, keys: list[str]) -> list[Firm]:
    """Firms of different owners at one street number, each with its own suite and line."""
    place = any_place(dice, any_city(dice), 0)
    return [single(dice, key, place=with_unit(dice, place)) for key in keys]


def chain(dice: Dice, keys: list[str]) -> list[Firm]:
    """The branches of one chain: one name and domain; half of the chains have one switchboard, half a line each."""
    home = any_city(dice)
    own = dice.pick(lines("brands")) if dice.chance(0.4) else dice.common(words("surnames"))
    name = f"{own}{dice.pick(('', chr(39) + 's'))} {dice.pick(_CHAINS)}"
    form, shared = dice.pick(FORMS[home.country]) if dice.chance(0.5) else "", domain(dice, name, home)
    switchboard = any_line(dice, home) if dice.chance(0.5) else ""
    is_local = dice.chance(0.5)
    found = []
    for number, key in enumerate(keys):
        place = any_place(dice, home if is_local else any_city(dice))
        branch = dice.weighed(
            {f"#{number * 7 + 101}": 3, place.street: 3, place.city.name: 2 if not is_local else 0.1, "": 2}
        )
        line = switchboard or any_line(dice, place.city)
        found.append(Firm(key, "chain", name, form, place, line, shared, branch, chain=name))
    return found


def domain(dice: Dice, name: str, city: City) -> str:
    plain = "".join(sign for sign in name.lower() if "a" <= sign <= "z")
    end = {"US": ".com", "GB": ".co.uk", "CA": ".ca", "AU": ".com.au", "DE": ".de", "FR": ".fr", "ES": ".es"}[
        city.country
    ]
    return f"{plain[:18]}{dice.between(1, 999)}{end if dice.chance(0.6) else '.com'}"


@cache
def _ends() -> dict[str, list[str]]:
    return {line.split("|")[0]: line.split("|")[1:] for line in lines("organisation_ends")}


def _name(dice: Dice, kind: str, city: City) -> tuple[str, bool]:
    """The name without its legal form, and whether such a firm has one."""
    surname = dice.common(words("surnames"))
    if kind in {"university", "ordinal"}:
        form = dice.pick(_UNIVERSITIES if kind == "university" else _ORDINALS)
        number = ORDINALS[dice.below(len(ORDINALS))]
        return form.format(region=city.region, city=city.name, surname=surname, number=number), False
    end = dice.pick(_ends()[kind])
    public = kind in {"hospital", "school", "church"}
    if kind == "church" or (public and dice.chance(0.35)):
        return f"Saint {dice.pick(words('saints'))}{chr(39) + 's' if dice.chance(0.8) else ''} {end}", False
    if public:
        return (
            f"{dice.pick((city.name, surname, dice.pick(lines('brands')), dice.common(words('given_male')) + ' ' + surname))} {end}",
            False,
        )
    own = dice.pick(lines("brands"))
    if dice.chance(0.35):
        own = f"{surname}'s" if kind in {"restaurant", "shop"} else surname
    elif dice.chance(0.3):
        own = dice.pick(
            (
                f"{surname} & {dice.common(words('surnames'))}",
                f"{surname} Brothers",
                f"{dice.common(words('given_female'))}'s",
                f"{surname} and Sons",
            )
        )
    if kind == "restaurant" and dice.chance(0.3):
        return f"The {own} {end}", dice.chance(0.1)
    return f"{own} {end}", kind in {"maker", "office"} or dice.chance(0.25)


_UNIVERSITIES = (
    "University of {region}",
    "{city} University",
    "{surname} University",
    "{city} State University",
    "{city} Community College",
    "University of {city}",
    "{surname} College of Nursing",
)
_ORDINALS = (
    "{number} National Bank of {city}",
    "{number} Baptist Church of {city}",
    "{number} Presbyterian Church of {city}",
    "{number} Street Clinic of {city}",
    "{number} District Court of {city}",
)
ORDINALS = ("First", "Second", "Third", "Fourth", "Fifth", "Sixth", "Ninth", "Tenth")
ORDINAL_DIGITS = {
    name: ordinal(place) for name, place in zip(ORDINALS, (1, 2, 3, 4, 5, 6, 9, 10), strict=True)
}
