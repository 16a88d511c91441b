"""How one true name is written: hanzi or pinyin, either order, an honorific, the former surname."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from pipelines.demo.international import ascii_form
from pipelines.demo.person import Person
from pipelines.demo.tables import nicknames, to_traditional

_FAMILY_FIRST = frozenset({"CN", "VN"})


def native(person: Person, family: str) -> str:
    """As the person writes it: 张伟, John Smith, Nguyễn Văn Minh."""
    if person.country == "CN":
        return f"{family}{person.given}"
    return f"{family} {person.given}" if person.country in _FAMILY_FIRST else f"{person.given} {family}"


def traditional(person: Person, family: str) -> str:
    return native(person, family).translate(to_traditional())


def pinyin(person: Person, family: str) -> str:
    return f"{person.family_latin} {person.given_latin}"


def pinyin_western(person: Person, family: str) -> str:
    return f"{person.given_latin} {person.family_latin}"


def passport(person: Person, family: str) -> str:
    """As in passports: ZHANG/WEI."""
    latin = person.family_latin if person.country == "CN" else family
    return ascii_form(f"{latin}/{person.given_latin}").upper()


def honorific(person: Person, family: str) -> str:
    """王先生, Mr Smith: the name as an agent or a till notes it."""
    if person.country == "CN":
        return family + ("先生" if person.sex == "M" else "女士" if person.number % 3 else "小姐")
    return f"{'Mr' if person.sex == 'M' else 'Ms'} {family}"


def swapped(person: Person, family: str) -> str:
    """The other order: Smith, John; Wei Zhang."""
    if person.country == "CN":
        return pinyin_western(person, family) if person.number % 2 else f"{person.given} {family}"
    if person.country in _FAMILY_FIRST:
        return f"{person.given} {family}"
    return f"{family}, {person.given}" if person.number % 2 else f"{family} {person.given}"


def nickname(person: Person, family: str) -> str:
    """Bob Smith; the short form that belongs to the given name."""
    short = nicknames()[person.given]
    return f"{short[person.number % len(short)]} {family}"


def pet_name(person: Person, family: str) -> str:
    """小伟, 阿芳, 婷婷: how friends call somebody; without the surname."""
    last = person.given[-1]
    return (f"小{last}", f"阿{last}", f"{last}{last}")[person.number % 3]


FORMS: dict[str, Callable[[Person, str], str]] = {
    "native": native,
    "traditional": traditional,
    "pinyin": pinyin,
    "pinyin_western": pinyin_western,
    "passport": passport,
    "honorific": honorific,
    "swapped": swapped,
    "nickname": nickname,
    "pet_name": pet_name,
}


def written(person: Person, form: str, at: datetime) -> str:
    """The name of `person` in `form` as it was at that time; "" for no form."""
    return FORMS[form](person, person.family_at(at)) if form else ""


def has_nickname(person: Person) -> bool:
    return person.given in nicknames()


def has_traditional(person: Person) -> bool:
    """Whether the traditional form differs at all."""
    return person.country == "CN" and traditional(person, person.family) != native(person, person.family)
