"""What is true of a person beyond name and contact: schooling, marriage, occupation, interests and devices.

Drawn from streams of their own, so that everything else of a demo of the same seed stays as it was.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from pipelines.demo.dice import Dice, Weighted
from pipelines.demo.people import World
from pipelines.demo.person import Person

_GROWN_UP, _CHANGE_SHARE, _YEARS_BACK = 24, 0.2, 900
_SCHOOLING = Weighted([
    ("primary", 2), ("lower_secondary", 8), ("upper_secondary", 20), ("vocational", 10), ("associate", 20),
    ("bachelor", 30), ("master", 8), ("doctorate", 2),
])  # fmt: skip
_STATES = Weighted([("single", 25), ("married", 58), ("divorced", 10), ("widowed", 4), ("partnership", 3)])
_BEFORE = {"married": "single", "divorced": "married", "widowed": "married", "partnership": "single"}
_OCCUPATIONS = {
    "professional": "教师 工程师 医生 会计 护士 程序员 teacher engineer nurse accountant designer",
    "service_sales": "销售 sales", "clerical": "公务员", "operator": "司机 driver", "self_employed": "个体户",
    "retired": "退休 retired", "student": "学生", "manager": "manager",
}  # fmt: skip
INTERESTS = ("outdoor", "technology", "food", "family", "finance", "price", "quality", "environment")
"""Codes of interests, motives, values and opinions that the website asks for."""


@dataclass(frozen=True, slots=True)
class Traits:
    """One person's true traits; `marriage` in order of time: from when which state held."""

    education: str
    marriage: tuple[tuple[datetime, str], ...]
    occupation: str
    interests: tuple[str, ...]

    def marital_status_at(self, at: datetime) -> str:
        """The state at that time."""
        return next((state for since, state in reversed(self.marriage) if since <= at), self.marriage[0][1])


def traits_of(person: Person, world: World) -> Traits:
    """The traits of a person; the same whenever they are asked for."""
    dice = Dice("traits", world.seed, person.number)
    age = (world.as_of - person.birth).days / 365.25
    education = dice.weighted(_SCHOOLING)
    if age < _GROWN_UP:
        education = "upper_secondary" if age >= 16 else "lower_secondary"
    marriage = _marriage(person, age, world, dice)
    count = dice.whole(0, 3)
    interests = {dice.pick(INTERESTS) for _ in range(count)}
    return Traits(education, marriage, occupation_code(person.occupation), tuple(sorted(interests)))


def occupation_code(word: str) -> str:
    """Major group of an occupation as the generator writes it."""
    return next((code for code, words in _OCCUPATIONS.items() if word in words.split()), "")


def _marriage(person: Person, age: float, world: World, dice: Dice) -> tuple[tuple[datetime, str], ...]:
    state, changes, days = dice.weighted(_STATES), dice.chance(_CHANGE_SHARE), dice.whole(60, _YEARS_BACK)
    if person.married_at is not None:
        return (world.beginning, "single"), (person.married_at, "married")
    if age < _GROWN_UP:
        return ((world.beginning, "single"),)
    if not changes or state not in _BEFORE:
        return ((world.beginning, state),)
    return (world.beginning, _BEFORE[state]), (world.now - timedelta(days=days), state)


def is_of_age(person: Person, as_of: date) -> bool:
    """Whether somebody is asked about marriage at all."""
    return (as_of - person.birth).days >= 18 * 365
