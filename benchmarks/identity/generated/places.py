"""Where something is in a western country: invented addresses and fixed lines, and the ways they are written down."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache

from benchmarks.identity.generated.dice import Dice, lines
from benchmarks.identity.generated.slips import digit_slip, slip

KINDS = {
    "Street": "St",
    "Avenue": "Ave",
    "Road": "Rd",
    "Drive": "Dr",
    "Lane": "Ln",
    "Boulevard": "Blvd",
    "Court": "Ct",
    "Place": "Pl",
    "Close": "Cl",
    "Gardens": "Gdns",
    "Terrace": "Terr",
    "Crescent": "Cres",
}
AMERICAN = tuple(KINDS)[:8]
_BRITISH = ("Street", "Road", "Close", "Avenue", "Lane", "Drive", "Gardens", "Terrace", "Crescent", "Court")
_SIDES = {"North": "N", "South": "S", "East": "E", "West": "W"}
_DIALS = {"US": "1", "CA": "1", "GB": "44", "AU": "61", "DE": "49", "FR": "33", "ES": "34"}


@dataclass(frozen=True)
class City:
    country: str
    name: str
    region: str
    zip_start: str
    area_code: str


@dataclass(frozen=True)
class Place:
    """One address; `kind` is empty where the street's name says it all, `unit` where there is none."""

    city: City
    number: str
    street: str
    kind: str
    unit: str
    postcode: str


@cache
def cities_us() -> tuple[City, ...]:
    return tuple(City("US", *line.split("|")) for line in lines("cities_us"))


@cache
def cities_world() -> tuple[City, ...]:
    return tuple(City(*line.split("|")) for line in lines("cities_world"))


def any_city(dice: Dice) -> City:
    return dice.common(cities_us()) if dice.chance(0.6) else dice.pick(cities_world())


def any_place(dice: Dice, city: City, unit_share: float = 0.3) -> Place:
    """An address in the form of the city's country."""
    number, kind = str(dice.between(1, 99) if dice.chance(0.3) else dice.between(100, 9800)), ""
    if city.country == "DE":
        number, street = str(dice.between(1, 180)), dice.pick(lines("streets_de")) + "straße"
    elif city.country == "FR":
        number = str(dice.between(1, 150))
        street = f"{dice.pick(('rue', 'avenue', 'boulevard'))} {dice.pick(lines('streets_fr'))}"
    elif city.country == "ES":
        number, street = str(dice.between(1, 200)), f"Calle {dice.pick(lines('streets_es'))}"
    else:
        street, kind = (
            dice.common(lines("streets")),
            dice.common(_BRITISH if city.country == "GB" else AMERICAN),
        )
        if city.country == "US" and dice.chance(0.15):
            street = f"{dice.pick(tuple(_SIDES))} {street}"
        elif city.country == "US" and dice.chance(0.12):
            street = ordinal(dice.between(1, 60))
        number = str(dice.between(1, 250)) if city.country == "GB" else number
    unit = f"Suite {dice.between(1, 40) * dice.pick((1, 10))}" if dice.chance(unit_share) else ""
    return Place(city, number, street, kind, unit, any_postcode(dice, city))


def ordinal(number: int) -> str:
    tail = "th" if 10 < number % 100 < 14 else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{tail}"


def any_postcode(dice: Dice, city: City) -> str:
    if city.country == "GB":
        return f"{city.zip_start} {dice.between(1, 9)}{dice.pick('ABDEFGHJLN')}{dice.pick('ABDEFGHJLN')}"
    if city.country == "CA":
        return f"{city.zip_start} {dice.between(1, 9)}{dice.pick('ABCEGHJK')}{dice.between(1, 9)}"
    missing = (4 if city.country == "AU" else 5) - len(city.zip_start)
    return city.zip_start + dice.digits(missing)


def written(dice: Dice, place: Place) -> str:
    """The street line as one of many lists writes it: words short or long, the unit in one of its forms or left out."""
    kind, street = place.kind, place.street
    if kind and dice.chance(0.5):
        kind = KINDS[kind] + ("." if dice.chance(0.3) else "")
    elif kind and dice.chance(0.06):
        kind = ""
    side = street.split(" ")[0]
    if side in _SIDES and dice.chance(0.5):
        street = _SIDES[side] + ("." if dice.chance(0.3) else "") + street[len(side) :]
    if place.city.country == "DE" and dice.chance(0.5):
        street = street.replace("straße", dice.pick(("str.", "strasse", "str")))
    if dice.chance(0.04):
        street = slip(dice, street)
    number = digit_slip(dice, place.number) if dice.chance(0.015) else place.number
    before = place.city.country not in {"DE", "ES"}
    parts = [number, street, kind] if before else [street, number]
    line = " ".join(part for part in parts if part)
    if place.unit and dice.chance(0.75):
        line += _unit(dice, place.unit)
    return line.upper() if dice.chance(0.1) else line


def _unit(dice: Dice, unit: str) -> str:
    label, number = unit.split(" ", 1)
    short = {"Suite": "Ste", "Apt": "Apt.", "Unit": "Unit"}.get(label, label)
    return dice.pick(
        (
            f", {unit}",
            f", {short} {number}",
            f" #{number}",
            f" {label} {number}",
            f", {short}. {number}".replace("..", "."),
        )
    )


def moved(dice: Dice, place: Place) -> Place:
    """Another address in the same city."""
    return any_place(dice, place.city, 0.3)


def with_unit(dice: Dice, place: Place) -> Place:
    return replace(place, unit=f"Suite {dice.between(1, 40) * 10}")


def any_line(dice: Dice, city: City) -> str:
    """The digits of a fixed line in the city, with the country's number but no sign."""
    length = {"US": 7, "CA": 7, "GB": 10 - len(city.area_code), "AU": 8, "FR": 8, "DE": 7, "ES": 7}[
        city.country
    ]
    rest = str(dice.between(2, 9)) + dice.digits(length - 1)
    return f"{_DIALS[city.country]} {city.area_code} {rest}"


def dialled(dice: Dice, line: str) -> str:
    """The number as a list writes it: with or without the country, with signs between its parts, or an extension."""
    dial, area, rest = line.split(" ")
    if dice.chance(0.01):
        rest = digit_slip(dice, rest)
    if dial == "1":
        form = dice.weighed(
            {
                "({a}) {b}-{c}": 4,
                "{a}-{b}-{c}": 4,
                "{a}.{b}.{c}": 1,
                "{a}{b}{c}": 2,
                "+1 {a} {b} {c}": 1,
                "1-{a}-{b}-{c}": 1,
                "+1{a}{b}{c}": 1,
                "{b}-{c}": 0.4,
            }
        )
        text = form.format(a=area, b=rest[:3], c=rest[3:])
        return (
            f"{text} {dice.pick(('x', 'ext ', 'ext. '))}{dice.between(10, 999)}"
            if dice.chance(0.04)
            else text
        )
    trunk = "" if dial == "34" else "0"
    half = len(rest) // 2
    parts = f"{rest[:half]} {rest[half:]}"
    form = dice.weighed(
        {
            "+{d} {a} {p}": 4,
            "{t}{a} {p}": 4,
            "({t}{a}) {p}": 2,
            "{t}{a}{r}": 2,
            "+{d}{a}{r}": 1,
            "00{d} {a} {r}": 1,
            "+{d} ({t}){a} {p}": 1,
        }
    )
    return form.format(d=dial, a=area, t=trunk, p=parts, r=rest)
