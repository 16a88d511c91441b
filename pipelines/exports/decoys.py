"""Decoys: invented recipients in every export, by which a list that comes back, or mail that arrives, tells where it leaked.

They are derived from the home's key and the export's id, so that nothing of them needs to be stored: whoever holds the key can
make them again. Their addresses are the house's own, from `ucv.toml`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from pipelines.exports.hashing import hashed_email, hashed_phone

Token = Callable[[str], str]

_FAMILY = (
    "Alder", "Bexley", "Corwin", "Dunmore", "Ellison", "Farrow", "Garrick", "Holt", "Ingram", "Jessop", "Kerridge", "Lomax",
    "Marlow", "Norwood", "Orme", "Penrose", "Quill", "Rowan", "Selby", "Thorne", "Upton", "Varley", "Wexford", "Yarrow",
)  # fmt: skip
_GIVEN = (
    "Adair", "Bela", "Cleo", "Dario", "Edda", "Fenn", "Gia", "Hugo", "Ines", "Jory", "Kaia", "Leif", "Mira", "Nils", "Orla",
    "Pia", "Quin", "Rhea", "Sven", "Tess", "Uma", "Vera", "Wynn", "Zoe",
)  # fmt: skip


@dataclass(frozen=True)
class DecoyPlaces:
    """Where decoys may be reached: a domain whose every mailbox is ours, our own telephone numbers (E.164) and addresses."""

    domain: str
    phones: tuple[str, ...]
    addresses: tuple[str, ...]
    count: int

    def has(self, kind: str) -> bool:
        """Whether decoys of this kind of contact point can be made."""
        return self.count > 0 and bool(
            {"email": self.domain, "phone": self.phones, "address": self.addresses}[kind]
        )


@dataclass(frozen=True)
class Decoy:
    """One invented recipient; `kind` is that of its contact value."""

    export_id: str
    name: str
    kind: str
    value: str


def decoys_of(export_id: str, kind: str, places: DecoyPlaces, token: Token) -> list[Decoy]:
    """The decoys of one export, always the same ones; none where the house has no place of this kind."""
    return (
        [_decoy(export_id, kind, turn, places, token) for turn in range(places.count)]
        if places.has(kind)
        else []
    )


def find_exports(
    texts: Iterable[str], exports: Iterable[tuple[str, str]], places: DecoyPlaces, token: Token
) -> dict[str, set[str]]:
    """Export id -> what of the texts is a decoy of it. `exports` are (export id, kind); a text is a value, its hash, or a whole line.

    A number or address that several exports share names one only together with the invented name.
    """
    made = [decoy for export_id, kind in exports for decoy in decoys_of(export_id, kind, places, token)]
    found: dict[str, set[str]] = {}
    for text in texts:
        low, compact = text.lower(), re.sub(r"[\s()./-]", "", text.lower())
        hits = [decoy for decoy in made if any(sign in low or sign in compact for sign in _signs(decoy))]
        named = [decoy for decoy in hits if decoy.name.lower() in low]
        for decoy in named or hits:
            found.setdefault(decoy.export_id, set()).add(f"{decoy.name}, {decoy.kind}")
    return found


def _decoy(export_id: str, kind: str, turn: int, places: DecoyPlaces, token: Token) -> Decoy:
    seed = token(f"decoy/{export_id}/{turn}")
    number = int(seed, 16)
    given, family = _GIVEN[number % len(_GIVEN)], _FAMILY[number // 97 % len(_FAMILY)]
    if kind == "email":
        value = f"{given}.{family}.{seed[:6]}@{places.domain}".lower()
    else:
        own = places.phones if kind == "phone" else places.addresses
        value = own[(number // 7919 + turn) % len(own)]
    return Decoy(export_id, f"{given} {family}", kind, value)


def _signs(decoy: Decoy) -> list[str]:
    """Texts that stand for a decoy, hashed ones included."""
    if decoy.kind == "email":
        return [decoy.value, hashed_email(decoy.value)]
    if decoy.kind == "phone":
        return [decoy.value[-10:], hashed_phone(decoy.value)]  # as it is written within its country, too
    return [decoy.value.lower()]
