"""Invents mainland-Chinese persons in families: names with their readings, sex, birth, resident id."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

from benchmarks.identity.generated.dice import Dice, words

_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_SIGNS = "10X98765432"
Glyphs = tuple[tuple[str, str], ...]
"""(hanzi, reading with tones) of each sign, or of a surname of two."""


@dataclass(frozen=True)
class ChinesePerson:
    key: str
    surname: tuple[str, str]
    given: Glyphs
    sex: str
    birth: date
    resident_id: str
    english: str

    @property
    def hanzi(self) -> str:
        return self.surname[0] + "".join(sign for sign, _ in self.given)


@cache
def read(name: str) -> Glyphs:
    """A list of hanzi with readings, such as 伟wěi, in its order."""
    found = []
    for word in words(name):
        hanzi = "".join(sign for sign in word if sign > "\u2e7f")
        found.append((hanzi, word[len(hanzi) :]))
    return tuple(found)


@cache
def _reading() -> dict[str, str]:
    return dict(read("chinese_female") + read("chinese_male"))


def checked_id(seventeen: str) -> str:
    """The 18-digit resident id: GB 11643's check sign behind the 17 digits."""
    return (
        seventeen
        + _SIGNS[sum(int(digit) * weight for digit, weight in zip(seventeen, _WEIGHTS, strict=True)) % 11]
    )


def person(dice: Dice, key: str, region: str, born: date, **known: object) -> ChinesePerson:
    """A person with what is `known` (sex, surname, first sign of the given name); one in sixteen has a very common name."""
    sex = str(known.get("sex") or dice.pick("MF"))
    surname, given = dice.common(read("chinese_surnames")), _given(dice, sex, known.get("shared"))
    if "surname" not in known and dice.chance(0.06):
        name = dice.common([word for word in words("chinese_common_names") if word[0] == sex])
        surname = next(pair for pair in read("chinese_surnames") if pair[0] == name[1])
        given = tuple((sign, _reading()[sign]) for sign in name[2:])
    inherited = known.get("surname")
    chosen = inherited if isinstance(inherited, tuple) else surname
    number = dice.between(1, 499) * 2 + (1 if sex == "M" else 0)
    resident = checked_id(f"{region}{born:%Y%m%d}{number % 1000:03d}")
    english = dice.pick(
        words("english_given_chinese")[:20] if sex == "M" else words("english_given_chinese")[20:]
    )
    return ChinesePerson(key, chosen, given, sex, born, resident, english)


def _given(dice: Dice, sex: str, shared: object) -> Glyphs:
    """One sign or two; children of one couple often share the first of two, given as `shared`."""
    signs = read("chinese_male" if sex == "M" else "chinese_female")
    first = dice.common(signs)
    if isinstance(shared, tuple):
        return (shared, dice.common(signs))
    if dice.chance(0.22):
        return (first,)
    second = first if sex == "F" and dice.chance(0.05) else dice.pick(signs)
    return (first, second)


def family(dice: Dice, key: str, region: str, year: int) -> list[ChinesePerson]:
    """One to six persons of one address; a wife keeps her own surname."""
    kind = dice.weighed({"single": 35.0, "couple": 20.0, "children": 33.0, "three": 12.0})
    born = date(year - dice.between(22, 70 if kind in {"single", "couple"} else 48), 1, 1) + timedelta(
        dice.below(365)
    )
    if kind == "single":
        return [person(dice, f"{key}-1", region, born)]
    man = person(dice, f"{key}-1", region, born, sex="M")
    found = [man, person(dice, f"{key}-2", region, born + timedelta(dice.between(-900, 1800)), sex="F")]
    shared = dice.common(read("chinese_male")) if dice.chance(0.4) else None
    for child in range(dice.weighed({1: 0.6, 2: 0.35, 3: 0.05}) if kind in {"children", "three"} else 0):
        later = born + timedelta(
            dice.between(8200, 9500) + (0 if child and dice.chance(0.05) else child * 1100)
        )
        if later.year < year:
            found.append(person(dice, f"{key}-c{child}", region, later, surname=man.surname, shared=shared))
    if kind == "three":
        earlier = born - timedelta(dice.between(8000, 11000))
        found.append(person(dice, f"{key}-g1", region, earlier, sex="M", surname=man.surname))
        found.append(
            person(dice, f"{key}-g2", region, earlier + timedelta(dice.between(-500, 1500)), sex="F")
        )
    return found
