"""Puts people into households: couples, children, twins, namesakes, shared numbers and homes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from pipelines.demo import chinese, international
from pipelines.demo.dice import Dice, Weighted, scatter
from pipelines.demo.people import PHONES_PER_PERSON, Wish, World, birth_date, make_person
from pipelines.demo.person import Home, Person, Phone
from pipelines.demo.tables import names_abroad

TWINS, FATHER_SON, SHARED_PHONE, SHARED_HOME = "twins", "father_son_same_name", "shared_phone", "shared_home"

CHINESE_SHARE = 0.7
_SIZES = Weighted([(1, 50.0), (2, 28.0), (3, 16.0), (4, 6.0)])
_TWIN_SHARE, _SAME_NAME_SHARE, _SHARED_PHONE_SHARE, _LANDLINE_SHARE = 0.08, 0.10, 0.15, 0.35


@dataclass(slots=True)
class _Place:
    country: str
    home: Home


def make_households(first: int, count: int, world: World, dice: Dice) -> list[Person]:
    """`count` people in households, with running numbers from `first`."""
    people: list[Person] = []
    while len(people) < count:
        size = min(dice.weighted(_SIZES), count - len(people))
        people.extend(_household(first + len(people), size, world, dice))
    return people


def _household(first: int, size: int, world: World, dice: Dice) -> list[Person]:
    place = _place(dice)
    wishes = _wishes(size, place, world.as_of, dice)
    members: list[Person] = []
    for turn, wish in enumerate(wishes):
        if members and turn > 0:
            _family_ties(wish, turn, members, dice)
        person = make_person(first + turn, wish, world, dice)
        while wish.given is None and any(person.given == other.given for other in members):
            person = make_person(first + turn, wish, world, dice)  # siblings are told apart by given names
        members.append(person)
    for member in members:
        member.household = size
        if size > 1:
            member.traits.add(SHARED_HOME)
    _mark_twins(members)
    _mark_namesakes(members)
    _share_phones(members, world, dice)
    return members


def _place(dice: Dice) -> _Place:
    if dice.chance(CHINESE_SHARE):
        return _Place("CN", chinese.home(dice))
    country = dice.weighted(international.COUNTRIES)
    return _Place(country, international.home(country, dice))


def _wishes(size: int, place: _Place, as_of: date, dice: Dice) -> list[Wish]:
    """Two parents, then children; a couple; or one person."""
    country, home = place.country, place.home
    if size == 1:
        return [Wish(country, dice.pick("MF"), birth_date(18, 80, as_of, dice), home)]
    father = birth_date(44, 68, as_of, dice) if size > 2 else birth_date(22, 80, as_of, dice)
    mother = father + timedelta(days=dice.whole(-1200, 1800))
    wishes = [Wish(country, "M", father, home), Wish(country, "F", mother, home)]
    oldest = birth_date(18, max(19, min(40, (as_of - father).days // 365 - 22)), as_of, dice)
    for turn in range(size - 2):
        born = oldest + timedelta(days=turn * dice.whole(400, 2500))
        if turn == 1 and dice.chance(_TWIN_SHARE * 4):
            born = oldest
        born = min(born, as_of - timedelta(days=18 * 365 + 5))
        wishes.append(Wish(country, dice.pick("MF"), born, home))
    return wishes


def _family_ties(wish: Wish, turn: int, members: list[Person], dice: Dice) -> None:
    """Children take the father's family name; wives abroad mostly do, Chinese wives do not."""
    father = members[0]
    if father.country == "JP":
        families = names_abroad("JP", "family").items
        wish.family = next(name for name in families if name.partition("/")[0] == father.family)
    elif turn >= 2 or (father.country not in {"CN", "VN", "ES"} and dice.chance(0.8)):
        wish.family = father.family
    son = turn >= 2 and wish.sex == "M" and father.country in {"US", "GB", "DE", "ES"}
    if son and dice.chance(_SAME_NAME_SHARE):
        wish.given = father.given


def _mark_twins(members: list[Person]) -> None:
    for one in members[2:]:
        for two in members[2:]:
            if one is not two and one.birth == two.birth:
                one.traits.add(TWINS)


def _mark_namesakes(members: list[Person]) -> None:
    for child in members[2:]:
        if (child.family, child.given) == (members[0].family, members[0].given):
            child.traits.add(FATHER_SON)
            members[0].traits.add(FATHER_SON)


def _share_phones(members: list[Person], world: World, dice: Dice) -> None:
    """One mobile that two of the family give, and a landline that all of them may give."""
    head = members[0]
    if len(members) > 1 and head.phones and dice.chance(_SHARED_PHONE_SHARE):
        other = members[dice.whole(1, len(members) - 1)]
        shared = head.phones[0]
        shared.private = False
        other.phones = [shared]
        for one in (head, other):
            one.traits.add(SHARED_PHONE)
    if head.country == "CN" and dice.chance(_LANDLINE_SHARE):
        index = head.number * PHONES_PER_PERSON + 3
        line = _landline(index, head.stays[0].home, world, dice)
        line.private = len(members) == 1
        for one in members:
            one.landline = line


_AREA_CODES = {
    "北京市": "10", "上海市": "21", "天津市": "22", "重庆市": "23", "广州市": "20", "南京市": "25",
    "武汉市": "27", "成都市": "28", "西安市": "29", "沈阳市": "24", "深圳市": "755", "杭州市": "571",
    "苏州市": "512", "青岛市": "532", "长沙市": "731", "郑州市": "371", "宁波市": "574", "大连市": "411",
    "济南市": "531", "福州市": "591",
}  # fmt: skip


def _landline(index: int, home: Home, world: World, dice: Dice) -> Phone:
    area = _AREA_CODES.get(home.city, "10")
    return Phone("86", f"{area}{dice.whole(5, 8)}{scatter(index, world.offset, 7):07d}", world.beginning)
