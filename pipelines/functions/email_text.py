"""Several e-mail addresses in one field: with names and brackets, in lists of any sign or word, in links, in hanzi."""

from __future__ import annotations

import re

from pipelines.functions.text import tidy

# What stands for @.
AT = re.compile(r"\s*[\[({]\s*at\s*[\])}]\s*|#@|@@?(?=@)", re.IGNORECASE)
_OTHER_AT = re.compile(r"[\[({]\s*at\b", re.IGNORECASE)
_LINK = re.compile(r"[?&](?:cc|bcc|to|subject|body)=|mailto:", re.IGNORECASE)
_AROUND_AT = re.compile(r"\s*@\s*")
_BETWEEN = re.compile(
    r"[\s;；,，、/|\\<>()\[\]{}\"“”:：&·•]+|(?<=[a-z])[和或及与跟](?=[a-z0-9])|(?<=[a-z])(?=[㐀-鿿])|(?<=[㐀-鿿])(?=[a-z0-9])",
    re.IGNORECASE,
)
_ADDRESS = re.compile(r"[a-z0-9!#$%*+=?^_`{}~.'-]+@(?:[a-z0-9-]+\.)+[a-z]{2,}", re.IGNORECASE)
_LOOSE = " .-_'\"*?!"
MOST = 20
"""Addresses that one field may hold; what stands behind is a list in the wrong column."""


def split_emails(raw: str | None) -> list[str] | None:
    """The addresses in a field, as written but for what stands around them; None for blank, one address as it is.

    Of several each that holds an @ is one, also where no mailbox has such an address; equal ones count once.
    """
    text = tidy(raw)
    if not text:
        return None
    if text.count("@") == 1 and not _OTHER_AT.search(text):  # nearly all fields
        return [text]
    plain = _AROUND_AT.sub("@", _LINK.sub(" ", AT.sub("@", text)))
    if plain.count("@") < 2:
        return [text]
    found = [address for piece in _BETWEEN.split(plain) if "@" in piece for address in _addresses(piece)]
    several: dict[str, str] = {}
    for address in found:
        several.setdefault(address.lower(), address)
    return [*several.values()][:MOST] or [text]


def _addresses(piece: str) -> list[str]:
    if piece.count("@") == 1:
        return [piece.strip(_LOOSE)]
    run_on = [found.strip(_LOOSE) for found in _ADDRESS.findall(piece)]  # a@x.com-b@y.com
    return run_on if len(run_on) == piece.count("@") else [piece]
