"""The small word lists beside this module: names, divisions, streets, look-alike characters."""

from __future__ import annotations

import csv
from collections import defaultdict
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from pipelines.demo.dice import Weighted


@dataclass(frozen=True, slots=True)
class Hanzi:
    """A surname or a given-name character: simplified, traditional, and in toneless pinyin."""

    simplified: str
    traditional: str
    pinyin: str


@dataclass(frozen=True, slots=True)
class Division:
    """A Chinese district with its six-digit code (GB/T 2260) and main postcode."""

    code: str
    province: str
    city: str
    district: str
    postcode: str


@dataclass(frozen=True, slots=True)
class Place:
    """A city abroad; in `postcode` # stands for a digit and A for a letter."""

    country: str
    region: str
    city: str
    postcode: str


@cache
def lines(name: str) -> list[str]:
    """The lines of a word list that are not blank."""
    text = files(__package__).joinpath("data", name).read_text(encoding="utf-8")
    return [line for line in text.splitlines() if line.strip()]


@cache
def surnames() -> Weighted[Hanzi]:
    """Chinese surnames weighted by their share of the population, in 1/100 000."""
    rows = (line.split() for line in lines("surnames_cn.txt"))
    return Weighted([(Hanzi(one, two, pinyin), float(weight)) for one, two, pinyin, weight in rows])


@cache
def given_characters(sex: str) -> Weighted[Hanzi]:
    """Characters of given names fit for `sex` (M or F); those for both count for each."""
    rows = (line.split() for line in lines("given_cn.txt"))
    return Weighted(
        [
            (Hanzi(one, two, pinyin), float(weight))
            for one, two, pinyin, of, weight in rows
            if of in (sex, "U")
        ]
    )


@cache
def characters() -> dict[str, Hanzi]:
    """Every given-name character by its simplified form."""
    found = {}
    for line in lines("given_cn.txt"):
        one, two, pinyin, _, _ = line.split()
        found[one] = Hanzi(one, two, pinyin)
    return found


@cache
def popular_given(sex: str) -> Weighted[str]:
    """Whole given names that very many people bear."""
    rows = (line.split() for line in lines("popular_given_cn.txt"))
    return Weighted([(name, float(weight)) for name, of, weight in rows if of == sex])


@cache
def homophones() -> dict[str, str]:
    """Character -> the other given-name characters with the same pinyin, as typists mix them up."""
    by_sound: dict[str, str] = defaultdict(str)
    for hanzi in characters().values():
        by_sound[hanzi.pinyin] += hanzi.simplified
    return {one: same.replace(one, "") for same in by_sound.values() for one in same if len(same) > 1}


@cache
def lookalikes() -> dict[str, str]:
    """Character -> a character that a scanner reads in its place."""
    return {pair[0]: pair[1] for pair in lines("lookalikes.txt")[0].split() if pair[0] != pair[1]}


@cache
def to_traditional() -> dict[int, str]:
    """Translation table (str.translate) from simplified to traditional, for the characters used here."""
    table = {ord(pair[0]): pair[1] for pair in lines("traditional.txt")[0].split()}
    for row in (*lines("surnames_cn.txt"), *lines("given_cn.txt")):
        one, two = row.split()[:2]
        table.update({ord(a): b for a, b in zip(one, two, strict=True)})
    return table


@cache
def divisions() -> Weighted[Division]:
    rows = csv.DictReader(lines("divisions_cn.csv"))
    return Weighted(
        [
            (Division(r["code"], r["province"], r["city"], r["district"], r["postcode"]), float(r["weight"]))
            for r in rows
        ]
    )


@cache
def places(country: str) -> Weighted[Place]:
    rows = csv.DictReader(lines("places_intl.csv"))
    return Weighted(
        [
            (Place(country, r["region"], r["city"], r["postcode"]), float(r["weight"]))
            for r in rows
            if r["country"] == country
        ]
    )


@cache
def names_abroad(country: str, part: str) -> Weighted[str]:
    """Names of a country; part is family, male, female or middle; the first are the most common."""
    for line in lines("names_intl.txt"):
        head, tail, *names = line.split()
        if (head, tail) == (country, part):
            return Weighted([(name, 1 / (place + 4)) for place, name in enumerate(names)])
    raise KeyError((country, part))


@cache
def streets_abroad(country: str) -> list[str]:
    rows = (line.split(" ", 1) for line in lines("streets_intl.txt"))
    return {head: rest.split("|") for head, rest in rows}[country]


@cache
def nicknames() -> dict[str, list[str]]:
    return {line.split()[0]: line.split()[1:] for line in lines("nicknames_intl.txt")}
