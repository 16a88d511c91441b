"""Makes one true person of a household: name, documents, numbers, mailboxes; `fates` has what comes later."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from pipelines.demo import chinese, international
from pipelines.demo.dice import Dice
from pipelines.demo.person import CHINESE, INTERNATIONAL, Home, Person, Phone, Stay

PHONES_PER_PERSON = 5
"""Numbers kept for one person: two mobiles, the organisation's, the landline, a later mobile."""
EARLIEST_YEARS = 8
_OCCUPATIONS_CN = (
    "教师",
    "工程师",
    "医生",
    "会计",
    "销售",
    "公务员",
    "司机",
    "护士",
    "个体户",
    "退休",
    "学生",
    "程序员",
)
_OCCUPATIONS = (
    "teacher",
    "engineer",
    "nurse",
    "accountant",
    "sales",
    "manager",
    "driver",
    "retired",
    "designer",
)


@dataclass(frozen=True, slots=True)
class World:
    """What all people of one demo share: the seed, the day that it is, and where running numbers start."""

    seed: int
    as_of: date
    offset: int

    @property
    def now(self) -> datetime:
        """Midnight at the start of the as-of date: nothing happens later."""
        return datetime.combine(self.as_of, time())

    @property
    def beginning(self) -> datetime:
        """Before every record."""
        return self.now - timedelta(days=365 * EARLIEST_YEARS)


@dataclass(slots=True)
class Wish:
    """What a household asks of a person: the rest is chance."""

    country: str
    sex: str
    birth: date
    home: Home
    family: str | None = None
    given: str | None = None


def birth_date(low: int, high: int, as_of: date, dice: Dice) -> date:
    """A birth date of somebody whose age is from `low` to `high` years."""
    return as_of - timedelta(days=dice.whole(low * 365 + 20, high * 365 + 364))


def make_person(number: int, wish: Wish, world: World, dice: Dice) -> Person:
    """The person as they are before anything changes in their life."""
    make = _chinese if wish.country == "CN" else _foreign
    person = make(number, wish, world, dice)
    person.stays.append(Stay(wish.home, world.beginning))
    if dice.chance(0.93):
        person.phones.append(new_phone(person, 0, world.beginning, world, dice))
    if dice.chance(0.40):
        person.member_no = f"88{number:08d}"
    if dice.chance(0.42):
        person.account = f"u{number:07d}"
    if dice.chance(0.3) and wish.country == "CN":
        person.unionid = f"oU{dice.whole(16**9, 16**10 - 1):x}{number:07x}"
    return person


def new_phone(person: Person, turn: int, since: datetime, world: World, dice: Dice) -> Phone:
    """The person's mobile number of that turn (0 the first, 1 the second)."""
    index = person.number * PHONES_PER_PERSON + turn
    if person.country == "CN":
        return chinese.mobile(index, world.offset, since, dice)
    return international.mobile(person.country, index, world.offset, since, dice)


def _chinese(number: int, wish: Wish, world: World, dice: Dice) -> Person:
    surname = chinese.family_name(dice) if wish.family is None else chinese.surname(wish.family)
    name = chinese.full_name(surname, wish.sex, dice)
    person = Person(
        f"P{number:07d}", number, CHINESE, "CN", wish.sex, wish.birth, name.family, name.given,
        name.family_latin, name.given_latin,
    )  # fmt: skip
    region = chinese.region_of_birth(dice, wish.home)
    person.national_id = chinese.resident_id(region, wish.birth, wish.sex, dice)
    if dice.chance(0.3):
        person.passport_no = f"E{dice.whole(10, 99)}{number:06d}"
    for turn in range(_mailboxes(0.65, dice)):
        person.emails.append(chinese.mailbox(name, number * 2 + turn, world.offset, wish.birth, dice))
    person.occupation = dice.pick(_OCCUPATIONS_CN)
    return person


def _foreign(number: int, wish: Wish, world: World, dice: Dice) -> Person:
    country = wish.country
    family = wish.family or international.family_name(country, dice)
    given = wish.given or international.given_name(country, wish.sex, dice)
    family_latin, _, family_own = family.partition("/")
    given_latin, _, given_own = given.partition("/")
    person = Person(
        f"P{number:07d}", number, INTERNATIONAL, country, wish.sex, wish.birth, family_latin, given_latin,
        family_latin, given_latin, family_own + given_own,
    )  # fmt: skip
    person.national_id = international.national_id(country, number, world.offset, wish.birth, wish.sex, dice)
    if dice.chance(0.5):
        person.passport_no = f"{dice.pick('CGHKLX')}{dice.whole(10, 99)}{number:06d}"
    for turn in range(_mailboxes(0.8, dice)):
        index = number * 2 + turn
        mailbox = international.mailbox(country, family_latin, given_latin, index, world.offset, dice)
        person.emails.append(mailbox)
    person.occupation = dice.pick(_OCCUPATIONS)
    return person


def _mailboxes(share: float, dice: Dice) -> int:
    """How many e-mail addresses: two for every fifth, one for `share` of the others."""
    if dice.chance(0.2):
        return 2
    return 1 if dice.chance(share) else 0
