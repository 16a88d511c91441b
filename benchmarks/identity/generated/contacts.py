"""Mobile numbers and mailboxes of invented persons in Britain, and how they are typed."""

from __future__ import annotations

from benchmarks.identity.generated.dice import Dice, words
from benchmarks.identity.generated.kin import Person
from benchmarks.identity.generated.name_slips import nicknames
from benchmarks.identity.generated.slips import digit_slip, typo

_MOODS = ("sunny", "blue", "lucky", "star", "red", "dj")
_THINGS = ("cat", "fox", "rose", "boat", "guitar", "bee")


def mobile(dice: Dice) -> str:
    """The digits of a mobile without country and trunk sign, such as 7700900123."""
    return f"7{dice.between(3, 9)}{dice.digits(8)}"


def mobile_written(dice: Dice, digits: str) -> str:
    """The number in one of the forms that people type, seldom with a slip."""
    if dice.chance(0.015):
        digits = digit_slip(dice, digits)
    a, b, c = digits[:4], digits[4:7], digits[7:]
    forms = {
        f"0{digits}": 5,
        f"0{a} {b}{c}": 3,
        f"0{a} {b} {c}": 2,
        f"+44{digits}": 2,
        f"+44 {a} {b}{c}": 2,
        f"0044 {digits}": 0.5,
        f"+44 (0){a} {b}{c}": 0.5,
        f"44{digits}": 0.3,
    }
    return dice.weighed({form: float(share) for form, share in forms.items()})


def mailbox(dice: Dice, person: Person) -> str:
    """An e-mail address of the person's own; many are made of the name, some of what only the person knows."""
    first = dice.pick(nicknames().get(person.given, (person.given,))) if dice.chance(0.25) else person.given
    first, last = _plain(first), _plain(person.surname)
    year = f"{person.birth:%y}"
    forms = {
        f"{first}.{last}": 4,
        f"{first}{last}": 3,
        f"{first[0]}{last}": 3,
        f"{first}{year}": 1,
        f"{first}.{last}{year}": 2,
        f"{last}.{first[0]}": 1,
        f"{dice.pick(_MOODS)}{dice.pick(_THINGS)}{dice.digits(3)}": 1.5,
    }
    name = dice.weighed({form: float(share) for form, share in forms.items()})
    return f"{name}{dice.digits(2) if dice.chance(0.45) else ''}@{dice.common(words('mail_providers'))}"


def family_mailbox(dice: Dice, surname: str) -> str:
    name = _plain(surname)
    return f"{dice.pick((f'the{name}s', f'{name}family', f'{name}.home', f'{name}{dice.digits(3)}'))}@{dice.common(words('mail_providers'))}"


def mailbox_written(dice: Dice, address: str) -> str:
    """The address as typed: capitals, a slip before the sign, or a domain that does not exist."""
    name, _, domain = address.partition("@")
    if dice.chance(0.015):
        name = typo(dice, name)
    if dice.chance(0.008):
        domain = domain.replace("gmail", "gmial").replace("hotmail", "hotmial").replace(".co.uk", ".couk")
    text = f"{name}@{domain}"
    return text.upper() if dice.chance(0.02) else text.capitalize() if dice.chance(0.05) else text


def _provider(dice: Dice) -> str:
    return dice.common(words("mail_providers"))


def _plain(text: str) -> str:
    return "".join(sign for sign in text.lower() if "a" <= sign <= "z")
