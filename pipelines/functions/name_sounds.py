"""What a name sounds like and which formal name stands behind a nickname."""

from __future__ import annotations

import csv
from functools import cache, lru_cache
from importlib.resources import files


@cache
def _roots() -> dict[str, str]:
    """Nickname -> the formal name that most nicknames share; a formal name is its own root."""
    text = files("nicknames").joinpath("names.csv").read_text(encoding="utf-8")
    rows = [
        (row["name1"], row["name2"])
        for row in csv.DictReader(text.splitlines())
        if row["relationship"] == "has_nickname"
    ]
    sizes: dict[str, int] = {}
    for formal, _ in rows:
        sizes[formal] = sizes.get(formal, 0) + 1
    formal_names = set(sizes)
    chosen: dict[str, str] = {}
    for formal, nick in sorted(rows, key=lambda row: (-sizes[row[0]], row[0])):
        if nick not in formal_names or sizes.get(nick, 0) < sizes[formal] // 3:
            chosen.setdefault(nick, formal)
    return chosen


@lru_cache(maxsize=100_000)
def nickname_root(name: str | None) -> str | None:
    """The formal name behind an English nickname (bob -> robert), else the name itself."""
    return None if name is None else _roots().get(name, name)


@lru_cache(maxsize=200_000)
def name_phonetic(name: str | None) -> str | None:
    """The sound of a name part in latin letters (Metaphone); the part itself where that leaves nothing."""
    if name is None:
        return None
    import jellyfish  # noqa: PLC0415

    return str(jellyfish.metaphone(name)).replace(" ", "") or name
