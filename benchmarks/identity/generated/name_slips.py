"""How the name of one English-speaking person gets written from list to list."""

from __future__ import annotations

from functools import cache

from benchmarks.identity.generated.dice import Dice, lines
from benchmarks.identity.generated.kin import Person, given
from benchmarks.identity.generated.slips import slip


@cache
def nicknames() -> dict[str, tuple[str, ...]]:
    """Given name -> what its bearers are called."""
    return {line.split(":")[0]: tuple(line.split(":")[1].split()) for line in lines("nicknames")}


def given_written(dice: Dice, person: Person, rate: float = 1.0) -> str:
    """The given name, or: a nickname, an initial, the middle name instead, a slip, another name; `rate` scales the noise."""
    name = person.given
    if name in nicknames() and dice.chance(0.10 * rate):
        name = dice.pick(nicknames()[name])
    elif dice.chance(0.025 * rate):
        return name[0] + ("." if dice.chance(0.3) else "")
    elif person.middle and dice.chance(0.02 * rate):
        name = person.middle
    elif dice.chance(0.004 * rate):
        name = given(dice, person.sex)
    return _noisy(dice, name, 0.06 * rate)


def surname_written(dice: Dice, person: Person, rate: float = 1.0, *, maiden_share: float = 0.03) -> str:
    """The surname, or: the one before marriage, both, one half of two, an added suffix, a slip."""
    name = person.surname
    if person.maiden and dice.chance(maiden_share):
        name = person.maiden if dice.chance(0.8) else f"{person.maiden}-{person.surname}"
    elif "-" in name and dice.chance(0.3):
        name = dice.pick(name.split("-")) if dice.chance(0.5) else name.replace("-", " ")
    elif name.startswith("Mc") and dice.chance(0.3):
        name = "Mc" + (name[2:].capitalize() if dice.chance(0.7) else f" {name[2:].capitalize()}")
    elif name in {"Obrien", "Oconnor"} and dice.chance(0.6):
        name = dice.pick(("O'", "O ")) + name[1:].capitalize()
    name = _noisy(dice, name, 0.06 * rate)
    return f"{name} {person.suffix}{dice.pick(('', '.'))}" if person.suffix and dice.chance(0.5) else name


def middle_written(dice: Dice, person: Person) -> str:
    """The middle name in full, its initial, or nothing."""
    if not person.middle or dice.chance(0.35):
        return ""
    return person.middle[0] if dice.chance(0.7) else _noisy(dice, person.middle, 0.04)


def pair_written(
    dice: Dice, person: Person, rate: float = 1.0, *, maiden_share: float = 0.03
) -> tuple[str, str]:
    """Given name and surname as written; some are swapped, and some are an excuse for a name."""
    if dice.chance(0.006 * rate):
        first, last = dice.pick(lines("fake_names")).split("|")
        return first, last
    first, last = (
        given_written(dice, person, rate),
        surname_written(dice, person, rate, maiden_share=maiden_share),
    )
    return (last, first) if dice.chance(0.012 * rate) else (first, last)


def _noisy(dice: Dice, name: str, share: float) -> str:
    if not dice.chance(share):
        return name
    name = slip(dice, name)
    return slip(dice, name) if dice.chance(0.12) else name
