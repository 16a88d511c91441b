"""What a row claims by its signs, and what a tombstone answers to: the one place that says which signs name a person.

A row names an erased person by an identifier, by a mailbox, or by a contact together with the name or the birth date. It merely
resembles one by the name alone, by a contact with a name that sounds alike, or by a bare contact. Where both sides know the
name in characters, these decide: brother and sister may have one number and, in Latin letters, one name.
"""

from __future__ import annotations

from pipelines.privacy.signs import Signs


def atoms(signs: Signs) -> set[str]:
    """Single signs of which every claim about, or likeness to, a person has one: a row without them is nobody's concern."""
    return {*signs.ids, *signs.contacts, *(f"name:{name}" for name in (*signs.natives, *signs.latins))}


def naming_claims(signs: Signs) -> set[str]:
    """What a row says that names somebody."""
    latin = "x" if signs.natives else "l"
    found = {*signs.ids, *signs.emails}
    for contact in signs.contacts:
        found |= {f"{contact}&n:{name}" for name in signs.natives}
        found |= {f"{contact}&{latin}:{name}" for name in signs.latins}
        found |= {f"{contact}&b:{birth}" for birth in signs.births}
    return found


def naming_answers(signs: Signs) -> set[str]:
    """The claims of rows that are about a person with these signs."""
    found = {*signs.ids, *signs.emails}
    forms = ("l",) if signs.natives else ("l", "x")
    for contact in signs.contacts:
        found |= {f"{contact}&n:{name}" for name in signs.natives}
        found |= {f"{contact}&{form}:{name}" for name in signs.latins for form in forms}
        found |= {f"{contact}&b:{birth}" for birth in signs.births}
    return found


def likeness_claims(signs: Signs) -> set[str]:
    """What a row says that makes it resemble somebody."""
    latin = "x" if signs.natives else "l"
    found = {f"name&n:{name}" for name in signs.natives} | {f"name&{latin}:{name}" for name in signs.latins}
    for contact in signs.contacts:
        found |= {f"{contact}&s:{sound}" for sound in signs.sounds}
        if not (signs.natives or signs.latins or signs.births):
            found.add(f"bare:{contact}")
    return found


def likeness_answers(signs: Signs) -> set[str]:
    """The claims of rows that resemble a person with these signs; of a name in characters its Latin letters do for rows that
    have no characters."""
    found = {f"name&n:{name}" for name in signs.natives} | {f"name&l:{name}" for name in signs.latins}
    if not signs.natives:
        found |= {f"name&x:{name}" for name in signs.latins}
    for contact in signs.contacts:
        found |= {f"{contact}&s:{sound}" for sound in signs.sounds} | {f"bare:{contact}"}
    return found
