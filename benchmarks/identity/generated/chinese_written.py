"""How a Chinese name, number and resident id get written: hanzi with slips, readings in either order, stars."""

from __future__ import annotations

import unicodedata
from functools import cache

from benchmarks.identity.generated.chinese_kin import ChinesePerson
from benchmarks.identity.generated.dice import Dice, words
from benchmarks.identity.generated.slips import digit_slip, typo

_WIDE = str.maketrans("0123456789", "０１２３４５６７８９")
_FORMS = {
    "plain": 66, "title": 3, "surname": 2.5, "familiar": 0.4, "traditional": 4, "homophone": 4, "glyph": 2, "spaced": 1.5,
    "masked": 1.2, "latin": 12, "english": 3.5, "both": 1,
}  # fmt: skip


@cache
def traditional() -> dict[str, str]:
    return {word[0]: word[1] for word in words("chinese_traditional")}


@cache
def _confused(name: str) -> dict[str, str]:
    """Sign -> the signs it is taken for: the others of its group, or the second of its pair."""
    found: dict[str, str] = {}
    for word in words(name):
        for sign in word if name == "chinese_homophones" else word[0]:
            found.setdefault(sign, word.replace(sign, ""))
    return found


def name_written(dice: Dice, person: ChinesePerson) -> str:
    """The name in one of the forms that lists have."""
    form = dice.weighed({name: float(share) for name, share in _FORMS.items()})
    hanzi, surname = person.hanzi, person.surname[0]
    title = dice.pick(("先生", "先生", "总") if person.sex == "M" else ("女士", "女士", "小姐"))
    if form == "latin":
        return latin(dice, person)
    if form == "english":
        family = plain(person.surname[1])
        return dice.pick(
            (f"{person.english} {family}", f"{person.english} {family}", f"{hanzi}（{person.english}）")
        )
    return {
        "title": f"{hanzi}{dice.pick(('', ' '))}{title}",
        "surname": surname + title,
        "familiar": dice.pick("小老") + surname,
        "traditional": "".join(traditional().get(sign, sign) for sign in hanzi),
        "homophone": _slip(dice, hanzi, "chinese_homophones"),
        "glyph": _slip(dice, hanzi, "chinese_glyphs"),
        "spaced": f"{surname}{dice.pick((' ', '　', '·'))}{hanzi[len(surname) :]}",
        "masked": surname + "*" * (len(hanzi) - len(surname) - 1) + dice.pick(("*", hanzi[-1])),
        "both": f"{hanzi} {plain(person.surname[1])} {_given(person)}",
    }.get(form, hanzi)


def latin(dice: Dice, person: ChinesePerson) -> str:
    """The reading: surname first or last, with or without tones, blanks, capitals and hyphens, few with a slip."""
    family, given = person.surname[1], _given(person, tones=True)
    if not dice.chance(0.06):
        family, given = plain(family), plain(given)
    parts = [plain(reading) for _, reading in person.given]
    spread = dice.pick((" ".join(parts).title(), "-".join(parts).capitalize()))
    text = dice.weighed(
        {
            f"{family} {given}": 5.0,
            f"{given} {family}": 4.0,
            f"{family}, {given}": 1.0,
            f"{family} {spread}": 1.0,
            f"{spread} {family}": 0.7,
            f"{family}{given}": 1.2,
        }
    )
    if dice.chance(0.04):
        text = typo(dice, text)
    return text.upper() if dice.chance(0.25) else text.lower() if dice.chance(0.15) else text


def plain(reading: str) -> str:
    """A reading without tones; ü is written v or u as passports and keyboards do, here u."""
    bare = unicodedata.normalize("NFD", reading)
    return "".join(sign for sign in bare if not unicodedata.combining(sign))


def _given(person: ChinesePerson, *, tones: bool = False) -> str:
    text = "".join(reading for _, reading in person.given).capitalize()
    return text if tones else plain(text)


def _slip(dice: Dice, hanzi: str, name: str) -> str:
    """One sign taken for another, mostly in the given name; unchanged where no sign has one it is taken for."""
    places = [
        place for place, sign in enumerate(hanzi) if _confused(name).get(sign) and (place or dice.chance(0.3))
    ]
    if not places:
        return hanzi
    place = dice.pick(places)
    return hanzi[:place] + dice.pick(_confused(name)[hanzi[place]]) + hanzi[place + 1 :]


def phone_written(dice: Dice, digits: str) -> str:
    """A mobile of eleven digits in one of many forms; two in a hundred masked, some with a slip."""
    if "-" in digits:
        return dice.pick((digits, digits.replace("-", ""), digits.replace("-", " "), f"+86-{digits[1:]}"))
    if dice.chance(0.012):
        digits = digit_slip(dice, digits)
    a, b, c = digits[:3], digits[3:7], digits[7:]
    forms = {
        digits: 10, f"{a} {b} {c}": 2, f"{a}-{b}-{c}": 2, f"+86{digits}": 2, f"+86 {digits}": 1, f"+86 {a} {b} {c}": 1, f"0086{digits}": 0.5,
        f"86-{digits}": 0.5, f"(+86){digits}": 0.4, f"86{digits}": 0.5, digits.translate(_WIDE): 0.3, f"{a}****{c}": 0.4, f"{digits}（手机）": 0.1,
    }  # fmt: skip
    return dice.weighed({form: float(share) for form, share in forms.items()})


def id_written(dice: Dice, resident: str, born_year: int) -> str:
    """The id in full, with stars, in its old form of 15 digits, or with a slip."""
    if born_year < 1985 and dice.chance(0.06):
        return resident[:6] + resident[8:17]
    kind = dice.below(100)
    if kind < 14:
        return dice.pick(
            (
                f"{resident[:6]}********{resident[14:]}",
                f"{resident[:3]}***********{resident[14:]}",
                f"{resident[:14]}****",
            )
        )
    if kind < 16:
        return digit_slip(dice, resident)
    if kind < 18:
        return f"{resident[:6]} {resident[6:14]} {resident[14:]}"
    return resident.lower() if kind < 40 else resident
