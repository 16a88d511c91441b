"""Invents persons who live together in an English-speaking country: couples, children, twins, three generations, flat mates."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta

from benchmarks.identity.generated.dice import Dice, lines, words

_KINDS = {"single": 26, "couple": 22, "family": 32, "parent": 10, "three": 6, "mates": 4}


@dataclass(frozen=True)
class Person:
    """`surname` is the one now, `maiden` the one before marriage where it was another; `suffix` is Sr, Jr or empty."""

    key: str
    given: str
    middle: str
    surname: str
    maiden: str
    sex: str
    birth: date
    suffix: str = ""


def surname(dice: Dice) -> str:
    """Three in four from the list of common ones, the others put together of two parts."""
    if dice.chance(0.75):
        return dice.common(words("surnames"))
    rare = dice.pick(words("surname_starts")) + dice.pick(words("surname_ends"))
    return f"{surname(dice)}-{rare}" if dice.chance(0.03) else rare


def given(dice: Dice, sex: str) -> str:
    return dice.common(words("given_male" if sex == "M" else "given_female"))


def household(dice: Dice, key: str, year: int) -> list[Person]:
    """The persons of one household in `year`; those of one family are in it with similar names more often than chance."""
    kind = dice.weighed({name: float(share) for name, share in _KINDS.items()})
    family = surname(dice)
    if kind == "mates":
        return [
            _adult(dice, f"{key}-{place}", surname(dice), year, (19, 34))
            for place in range(dice.between(2, 4))
        ]
    head = _adult(dice, f"{key}-h", family, year, (20, 88) if kind in {"single", "couple"} else (27, 56))
    if kind == "single":
        return [head]
    found = [head]
    if kind != "parent":
        found.append(_spouse(dice, f"{key}-s", head))
    if kind != "couple":
        found += _children(dice, key, head, found, year)
    if kind == "three":
        found.append(_grandparent(dice, f"{key}-g", head))
    return _with_suffixes(found)


def _adult(dice: Dice, key: str, family: str, year: int, ages: tuple[int, int]) -> Person:
    sex = dice.pick("MF")
    born = _day(dice, year - dice.between(*ages))
    return Person(key, given(dice, sex), _middle(dice, sex), family, "", sex, born)


def _spouse(dice: Dice, key: str, head: Person) -> Person:
    sex = ("F" if head.sex == "M" else "M") if dice.chance(0.96) else head.sex
    born = head.birth + timedelta(days=dice.between(-2500, 2500))
    own = surname(dice)
    is_taken = dice.chance(0.82)
    return Person(
        key,
        given(dice, sex),
        _middle(dice, sex),
        head.surname if is_taken else own,
        own if is_taken else "",
        sex,
        born,
    )


def _children(dice: Dice, key: str, head: Person, parents: list[Person], year: int) -> list[Person]:
    found: list[Person] = []
    born = head.birth + timedelta(days=dice.between(7500, 11500))
    for place in range(dice.between(1, 4)):
        if born.year >= year:
            break
        sex = dice.pick("MF")
        name = given(dice, sex)
        namesake = next((parent for parent in parents if parent.sex == sex), None)
        if namesake and place == 0 and dice.chance(0.12):
            name = namesake.given if sex == "M" or dice.chance(0.3) else _similar(dice, namesake.given, sex)
        elif found and dice.chance(0.06):
            name = _similar(dice, found[-1].given, sex)
        while any(name == other.given for other in found):
            name = given(dice, sex)
        found.append(Person(f"{key}-c{place}", name, _middle(dice, sex), head.surname, "", sex, born))
        born += timedelta(days=0 if dice.chance(0.05) else dice.between(350, 1900))
    return found


def _grandparent(dice: Dice, key: str, head: Person) -> Person:
    sex = dice.weighed({"F": 2.0, "M": 1.0})
    born = head.birth - timedelta(days=dice.between(7300, 12000))
    name = head.given if sex == head.sex and dice.chance(0.2) else given(dice, sex)
    return Person(key, name, _middle(dice, sex), head.surname, surname(dice) if sex == "F" else "", sex, born)


def _with_suffixes(persons: list[Person]) -> list[Person]:
    """Sr and Jr for men of one name in the household; the eldest is Sr."""
    found = []
    for person in persons:
        same = [other.birth for other in persons if (other.given, other.sex) == (person.given, "M")]
        is_namesake = len(same) > 1 and person.sex == "M"
        suffix = ("Sr" if person.birth == min(same) else "Jr") if is_namesake else ""
        found.append(replace(person, suffix=suffix))
    return found


def _similar(dice: Dice, name: str, sex: str) -> str:
    """A name close to `name`: one that sounds like it, or else one with the same first letter."""
    for line in lines("similar_names"):
        near = line.split()
        if name in near:
            return dice.pick([other for other in near if other != name])
    same = [
        other
        for other in words("given_male" if sex == "M" else "given_female")
        if other[0] == name[0] and other != name
    ]
    return dice.pick(same) if same else given(dice, sex)


def _middle(dice: Dice, sex: str) -> str:
    return given(dice, sex) if dice.chance(0.7) else ""


def _day(dice: Dice, year: int) -> date:
    return date(year, 1, 1) + timedelta(days=dice.below(365))
