"""Homes in Chinese towns, and the many levels of detail in which they are written."""

from __future__ import annotations

from dataclasses import dataclass

from benchmarks.identity.generated.chinese_written import traditional
from benchmarks.identity.generated.dice import Dice, lines, words


@dataclass(frozen=True)
class Home:
    """`road` and `estate` are written hanzi=Latin; numbers as they are counted."""

    province: str
    city: str
    latin_city: str
    district: str
    zip: str
    area_code: str
    region: str
    road: str
    number: int
    estate: str
    building: int
    unit: int
    room: str


def any_home(dice: Dice, town: str = "") -> Home:
    """A flat in `town`, a line of cities_cn, or in any town."""
    province, city, latin, zip_start, area, region, districts = (
        town or dice.common(lines("cities_cn"))
    ).split("|")
    return Home(
        province, city, latin, dice.pick(districts.split()), zip_start + dice.digits(2), area, region,
        dice.common(words("chinese_streets")), dice.between(1, 600), dice.common(words("chinese_estates")),
        dice.between(1, 36), dice.between(1, 4), f"{dice.between(1, 28)}{dice.between(1, 4):02d}",
    )  # fmt: skip


def line_of(town: str) -> str:
    """The line of cities_cn of the city called so."""
    return next(line for line in lines("cities_cn") if line.split("|")[1] == town)


def address_written(dice: Dice, home: Home) -> str:
    """From the whole address with province down to estate and room, or a street alone."""
    if dice.chance(0.02):
        return _latin(home)
    head = home.city + home.district
    if home.province != home.city:
        head = dice.weighed(
            {
                home.province + head: 3.0,
                head: 4.0,
                home.district: 3.0,
                "": 2.0,
                head.replace("市", "", 1): 1.0,
            }
        )
    else:
        head = dice.weighed({head: 4.0, home.district: 2.0, "": 1.5, head.replace("市", "", 1): 1.0})
    street = f"{home.road.split('=')[0]}{home.number}号"
    estate = home.estate.split("=")[0]
    middle = dice.weighed({street + estate: 5.0, estate: 3.0, street: 2.0})
    text = head + middle + _inside(dice, home)
    if dice.chance(0.025):
        text = "".join(traditional().get(sign, sign) for sign in text)
    return text


def _inside(dice: Dice, home: Home) -> str:
    """Building, entrance and room: in words, as numbers with dashes, in part or not at all."""
    block, unit, room = home.building, home.unit, home.room
    name = dice.pick(("幢", "栋", "号楼"))
    return dice.weighed(
        {
            f"{block}{name}{unit}单元{room}室": 5.0,
            f"{block}{name}{unit}单元{room}": 1.5,
            f"{block}{name}{room}室": 1.5,
            f"{block}-{unit}-{room}": 2.0,
            f"{block}{name}": 0.7,
            "": 1.3,
        }
    )


def _latin(home: Home) -> str:
    road, estate = home.road.split("=")[1].replace("_", " "), home.estate.split("=")[1].replace("_", " ")
    return f"Room {home.room}, Unit {home.unit}, Building {home.building}, {estate}, No. {home.number} {road}, {home.latin_city}"
