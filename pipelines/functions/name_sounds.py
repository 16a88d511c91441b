"""What a name sounds like and which formal name stands behind a nickname."""

from __future__ import annotations

import csv
from collections import Counter
from functools import cache, lru_cache
from importlib.resources import files

_FURTHER_NICKNAMES = {"arthur": ("artie", "art"), "philip": ("pip",), "xavier": ("xavi",)}
"""What the packaged list lacks: formal name -> nicknames."""


@cache
def _formal_names() -> dict[str, tuple[str, ...]]:
    """Nickname -> the formal names that it stands for, the one with the most nicknames first."""
    text = files("nicknames").joinpath("names.csv").read_text(encoding="utf-8")
    rows = [
        (row["name1"], row["name2"])
        for row in csv.DictReader(text.splitlines())
        if row["relationship"] == "has_nickname"
    ]
    rows += [(formal, nick) for formal, nicks in _FURTHER_NICKNAMES.items() for nick in nicks]
    size = Counter(formal for formal, _ in rows)
    formal_names: dict[str, set[str]] = {}
    for formal, nick in rows:
        # the list also holds some pairs the wrong way round (bill has nickname william)
        if size[formal] > size[nick]:
            formal_names.setdefault(nick, set()).add(formal)
    return {
        nick: tuple(sorted(found, key=lambda name: (-size[name], name)))
        for nick, found in formal_names.items()
    }


@lru_cache(maxsize=100_000)
def nickname_roots(name: str | None) -> tuple[str, ...] | None:
    """The formal names that a given name may stand for, the likeliest first, at last the name itself.

    Two given names that have a root in common may belong to one person (billy, bill and william).
    """
    if name is None:
        return None
    formal = _formal_names()
    roots = formal.get(name, ())
    # a nickname of a nickname, but never further: steps add up to nonsense
    further = [root for first in roots for root in formal.get(first, ())]
    return tuple(dict.fromkeys([*roots, *further, name]))


@lru_cache(maxsize=200_000)
def name_phonetic(name: str | None) -> str | None:
    """The sound of a name part in latin letters (Metaphone); the part itself where that leaves nothing."""
    if name is None:
        return None
    import jellyfish  # noqa: PLC0415

    return str(jellyfish.metaphone(name)).replace(" ", "") or name
