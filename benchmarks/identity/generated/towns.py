"""Towns of streets and houses in one state, so that people of one name and families of one street meet."""

from __future__ import annotations

from dataclasses import dataclass, replace

from benchmarks.identity.generated.dice import Dice, lines
from benchmarks.identity.generated.places import AMERICAN, City, Place

_ENDS = ("ville", "burg", " Falls", " Springs", "ton", " Heights", "field", " Creek", " Grove", "port")


@dataclass(frozen=True)
class Town:
    """`streets`: (name, kind, zip) of every street; `blocks`: houses of many flats."""

    city: City
    streets: tuple[tuple[str, str, str], ...]
    blocks: tuple[Place, ...]


def towns(dice: Dice, count: int) -> list[Town]:
    """Invented towns of two states, the largest first."""
    names = dice.shuffled(lines("streets"))
    return [_town(dice, names[place].split(" ")[0] + dice.pick(_ENDS), place) for place in range(count)]


def _town(dice: Dice, name: str, place: int) -> Town:
    city = City("US", name, "OH" if place % 3 else "PA", f"{44 if place % 3 else 15}{place % 10}", "330")
    zips = [city.zip_start + dice.digits(2) for _ in range(1 + 6 // (place + 1))]
    streets = tuple(
        (street, dice.common(AMERICAN), dice.pick(zips))
        for street in dice.shuffled(lines("streets"))[: 150 - 3 * place]
    )
    blocks = tuple(_house(dice, city, streets) for _ in range(12))
    return Town(city, streets, blocks)


def home(dice: Dice, town: Town) -> Place:
    """A house of the town, or in one of four a flat in one of its blocks."""
    if dice.chance(0.25):
        return replace(dice.pick(town.blocks), unit=f"Apt {dice.between(1, 6)}{dice.pick('ABCDEF')}")
    return _house(dice, town.city, town.streets)


def _house(dice: Dice, city: City, streets: tuple[tuple[str, str, str], ...]) -> Place:
    street, kind, postcode = dice.common(streets)
    return Place(city, str(dice.between(1, 2400)), street, kind, "", postcode)
