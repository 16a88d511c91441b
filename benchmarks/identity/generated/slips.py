"""Slips of the hand, the ear and the scanner in one word or line of latin text."""

from __future__ import annotations

from benchmarks.identity.generated.dice import Dice, words

_NEIGHBOURS = dict(entry.split("-") for entry in words("keyboard"))
_SOUNDS = (
    ("ph", "f"),
    ("ck", "k"),
    ("ee", "ea"),
    ("ie", "ei"),
    ("ae", "a"),
    ("c", "k"),
    ("y", "i"),
    ("ll", "l"),
    ("nn", "n"),
    ("tt", "t"),
    ("mm", "m"),
    ("son", "sen"),
    ("er", "ar"),
    ("ou", "u"),
    ("gh", "g"),
    ("s", "z"),
    ("v", "f"),
)
_GLYPHS = (
    ("m", "rn"),
    ("l", "1"),
    ("o", "0"),
    ("i", "l"),
    ("d", "cl"),
    ("e", "c"),
    ("S", "5"),
    ("h", "b"),
    ("u", "v"),
)


def typo(dice: Dice, text: str) -> str:
    """One slip of the keyboard: a letter lost, doubled, swapped with the next, or its neighbour instead."""
    if len(text) < 3:
        return text
    place = dice.between(1, len(text) - 2)
    before, letter, after = text[:place], text[place], text[place + 1 :]
    kind = dice.below(4)
    if letter.isdigit():
        return (
            before + str((int(letter) + dice.between(1, 9)) % 10) + after
            if kind
            else before + after[:1] + letter + after[1:]
        )
    if kind == 0:
        return before + after
    if kind == 1:
        return before + letter + letter + after
    if kind == 2:
        return before + after[:1] + letter + after[1:]
    near = _NEIGHBOURS.get(letter.lower(), letter)
    return before + dice.pick(near) + after


def by_ear(dice: Dice, text: str) -> str:
    """The text as somebody writes it who only heard it; unchanged where no sound of it can be written otherwise."""
    return _swap(dice, text, _SOUNDS + tuple((new, old) for old, new in _SOUNDS if len(new) > 1))


def by_scanner(dice: Dice, text: str) -> str:
    """The text with one glyph read as another that looks alike."""
    return _swap(dice, text, _GLYPHS)


def slip(dice: Dice, text: str) -> str:
    """One slip of any kind: mostly of the keyboard, some by ear, few of the scanner."""
    kind = dice.below(20)
    return typo(dice, text) if kind < 12 else by_ear(dice, text) if kind < 18 else by_scanner(dice, text)


def digit_slip(dice: Dice, text: str) -> str:
    """One digit of a number wrong, or two beside each other swapped; other signs stay."""
    places = [place for place, sign in enumerate(text) if sign.isdigit()]
    if len(places) < 2:
        return text
    at = dice.below(len(places) - 1)
    first, second = places[at], places[at + 1]
    signs = list(text)
    if dice.chance(0.4) and signs[first] != signs[second]:
        signs[first], signs[second] = signs[second], signs[first]
    else:
        signs[second] = str((int(signs[second]) + dice.between(1, 9)) % 10)
    return "".join(signs)


def _swap(dice: Dice, text: str, pairs: tuple[tuple[str, str], ...]) -> str:
    found = [(old, new) for old, new in pairs if text.find(old, 1) > 0]
    if not found:
        return typo(dice, text)
    old, new = dice.pick(found)
    place = text.find(old, 1)
    return text[:place] + new + text[place + len(old) :]
