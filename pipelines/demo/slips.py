"""Slips of fingers and scanners: each takes a text and gives one that differs in one place."""

from __future__ import annotations

from pipelines.demo.dice import Dice
from pipelines.demo.tables import homophones, lookalikes

_DIGIT_SCANS = {"0": "O", "1": "l", "5": "S", "8": "B", "3": "8", "6": "b", "7": "1", "2": "Z"}
_NEIGHBOURS = {
    "a": "s",
    "e": "r",
    "i": "o",
    "o": "p",
    "n": "m",
    "s": "d",
    "t": "r",
    "r": "t",
    "l": "k",
    "u": "y",
}


def typo(text: str, dice: Dice) -> str:
    """A typing slip: hanzi of the same sound, a digit wrong or swapped, a letter missing, doubled or wrong.

    A text in which nothing can slip (two hanzi without others of their sound) comes back as it is.
    """
    if any(character > "\u2e80" for character in text):
        wrong = _wrong_character(text, homophones(), dice)
        if wrong != text:
            return wrong
    places = [place for place, mark in enumerate(text) if place > 0 and mark.isascii() and mark.isalnum()]
    if not places:
        return text
    place = dice.pick(places)
    return _wrong_digit(text, place, dice) if text[place].isdigit() else _wrong_letter(text, place, dice)


def _wrong_digit(text: str, place: int, dice: Dice) -> str:
    digit, following = text[place], text[place + 1 : place + 2]
    if following.isdigit() and following != digit and dice.chance(0.5):
        return text[:place] + following + digit + text[place + 2 :]
    return text[:place] + str((int(digit) + dice.whole(1, 9)) % 10) + text[place + 1 :]


def _wrong_letter(text: str, place: int, dice: Dice) -> str:
    letter, following = text[place], text[place + 1 : place + 2]
    kind = dice.whole(0, 3)
    if kind == 0:
        return text[:place] + text[place + 1 :]
    if kind == 1:
        return text[:place] + letter + text[place:]
    if kind == 2 and following.isalpha() and following != letter:
        return text[:place] + following + letter + text[place + 2 :]
    return text[:place] + _NEIGHBOURS.get(letter.lower(), "e") + text[place + 1 :]


def scan(text: str, dice: Dice) -> str:
    """A reading slip of a scanner: a look-alike character, or a digit taken for a letter or another digit."""
    if any(character > "\u2e80" for character in text):
        wrong = _wrong_character(text, lookalikes(), dice)
        if wrong != text:
            return wrong
    places = [place for place, character in enumerate(text) if character in _DIGIT_SCANS]
    if not places:
        return typo(text, dice)
    place = dice.pick(places)
    return text[:place] + _DIGIT_SCANS[text[place]] + text[place + 1 :]


def _wrong_character(text: str, table: dict[str, str], dice: Dice) -> str:
    places = [place for place, character in enumerate(text) if character in table]
    if not places:
        return text
    place = dice.pick(places)
    return text[:place] + dice.pick(table[text[place]]) + text[place + 1 :]


SLIPS = {"typo": typo, "scan": scan}
