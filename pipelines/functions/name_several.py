"""Several people in one field of a name in latin letters: Mr & Mrs Smith, Anna Meier / Peter Meier, Familie Müller."""

from __future__ import annotations

import re

from pipelines.functions.name_around import TITLES
from pipelines.functions.text import to_ascii

_AND = r"(?:&|\+|and|und|u\.|et|y|e|en|og|och|i)"
_COUPLE = re.compile(rf"^([^\W\d_]+)\.?\s*(?:{_AND}|/)\s*([^\W\d_]+)\.?\s+(?=\S)", re.IGNORECASE)
_SEVERAL = re.compile(
    r"\s(?:&|\+|and|und|et|y|e)\s+(?=[A-Z].*\s[A-Z]|Mrs|Mme|Frau|Ms)|\s(?:&|\+|and|und|u\.)\s+(?=[^\W\d_]{2,}\.?$)|\su\.\s+(?=\w+\s\w)"
)
_LIST = re.compile(r"(?<=[^\W\d_]{2})\s*[/;|]\s*(?=[^\W\d_]{2})")
# As tickets have it: XU/ZHENJING, SMITH/JOHN PAUL MR; else a slash parts people.
_TICKET = re.compile(r"([^\W\d_]{2,})/([^\W\d_]{2,}(?: [^\W\d_]+)*)")
_TICKET_TITLE = re.compile(r" (?:MR|MRS|MS|MISS|MSTR|MISTER|CHD|INF)$")
_FAMILY = re.compile(
    r"^(?:(?:familie|fam\.|family|famille|famiglia|familia|eheleute|ehepaar|geschwister|gebrüder|the)\s+)+(.+?)(?:\s+(?:family|household))?$",
    re.IGNORECASE,
)
_OF_COUPLES = {"m": "Monsieur", "sr": "Señor", "sra": "Señora", "sig": "Signor", "hr": "Herr", "fr": "Frau"}
"""Titles that are no title, or another one, in front of a single name."""
_MAY_BE = re.compile(
    r"[&+/;|]| (?:[aA][nN][dD]|[uU][nN][dD]|u\.|et|y|e|en|og|och|i|ET|Y|E) |^(?:[Ff][Aa][Mm]|[Ee][Hh][Ee]|[Gg][Ee][sb]|[Tt][Hh][Ee] )"
)


def first_of(text: str) -> tuple[str, bool]:
    """The name of the first person, and whether more than one is named."""
    if not _MAY_BE.search(text):
        return text, False
    ticket = _TICKET.fullmatch(text)
    if ticket and (text.isupper() or " " not in text) and to_ascii(ticket[1]) not in TITLES:
        return f"{ticket[1]}, {_TICKET_TITLE.sub('', ticket[2])}", False
    couple = _COUPLE.match(text)
    if couple and all(to_ascii(word) in TITLES or to_ascii(word) in _OF_COUPLES for word in couple.groups()):
        return f"{_OF_COUPLES.get(to_ascii(couple[1]), couple[1])} {text[couple.end() :]}", True
    family = _FAMILY.match(text)
    if family and (not text.lower().startswith("the ") or text.lower().endswith(("family", "household"))):
        return family[1], True
    joint = _SEVERAL.search(text) or _LIST.search(text)
    if joint and joint.start() and not (" y " in joint[0] and "," not in text and _is_spanish(text, joint)):
        return _completed(text[: joint.start()].strip(), text[joint.end() :].strip()), True
    return text, False


def _is_spanish(text: str, joint: re.Match[str]) -> bool:
    """José Ortega y Gasset is one person."""
    return len(text[: joint.start()].split()) > 1 or len(text[joint.end() :].split()) < 2


def _completed(first: str, second: str) -> str:
    """John & Mary Smith: John has the family of whoever is named last."""
    words = first.replace(",", " ").split()
    named = [word for word in words if to_ascii(word).strip(".") not in TITLES]
    if len(named) > 1 or "," in first or (len(named) == 1 and len(words) > 1) or " " not in second:
        return first
    return f"{first} {second.rsplit(maxsplit=1)[-1]}"
