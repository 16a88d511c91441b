"""Finding a customer as somebody says it: a name in hanzi, pinyin or Latin letters, a number, a mailbox, a member number, an id."""

from __future__ import annotations

import unicodedata

from pipelines.functions.phone import standardise_phone
from pipelines.functions.text import to_simplified

MOST_CHARACTERS = 120
_REGION = "CN"
"""Of a number without a country code."""


def ways_to_say(asked: str) -> list[str]:
    """What the sealed cards are asked for, in turn: as written, in simplified characters, the other way round, as a whole number."""
    text = unicodedata.normalize("NFKC", asked).strip()[:MOST_CHARACTERS]
    ways = [text, to_simplified(text)]
    words = text.replace(",", " ").split()
    if len(words) > 1:
        ways += [
            " ".join(words),
            " ".join(reversed(words)),
            " ".join((*words[1:], words[0])),
            " ".join((words[-1], *words[:-1])),
        ]
    if sum(sign.isdigit() for sign in text) >= 5:
        found = standardise_phone(text, _REGION)
        if found and found.get("e164"):
            ways.append(str(found["e164"]))
    return list(dict.fromkeys(way for way in ways if way))
