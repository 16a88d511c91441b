"""Stable customer ids: which id a cluster keeps, and what the ledger has to remember.

The ledger knows records by keyed tokens only. A cluster inherits the id of the largest share of its previous members;
an id goes to one cluster at most. A new id is derived from the smallest token of its cluster, so that it is the same
whenever the same records meet for the first time.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

import numpy as np
import pandas as pd

_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's base 32: no letter that reads like a digit
_ID_LETTERS = 13  # 65 bits: two of 10 million new ids collide with a chance of about 1 in 700,000


def assign_customer_ids(
    records: pd.DataFrame, assignments: pd.DataFrame, retired: Iterable[str] = ()
) -> pd.DataFrame:
    """Give every cluster its customer_id.

    `records`: record_id, token, cluster_no. `assignments`: token, customer_id as last published. `retired`: ids that
    meant somebody once and are never given to anybody else. Returns one row per record: record_id, token, customer_id,
    previous_customer_id, change: 'new', 'kept', 'merged' (no record is left under the previous id), 'split' (it left
    for a new id while the previous one lives on) or 'moved' (it left for an id that others held before).
    """
    held = records.merge(
        assignments.rename(columns={"customer_id": "previous_customer_id"}), on="token", how="left"
    )
    ids = _inherited(held)
    before = set(assignments["customer_id"])
    taken = before | set(retired)
    first_token = held.groupby("cluster_no")["token"].min().sort_values()
    first_token = first_token[~first_token.index.isin(list(ids))]
    tokens = first_token.to_numpy(object)
    for cluster_no, token, first in zip(first_token.index.tolist(), tokens, _first_ids(tokens), strict=True):
        ids[cluster_no] = _new_id(token, taken) if first in taken else first
        taken.add(ids[cluster_no])
    held["customer_id"] = held["cluster_no"].map(ids)
    held["previous_customer_id"] = (
        held["previous_customer_id"].astype(object).where(held["previous_customer_id"].notna(), None)
    )
    held["change"] = _changes(held, before)
    columns = ["record_id", "token", "customer_id", "previous_customer_id", "change"]
    return held[columns].sort_values("record_id", ignore_index=True)


def _changes(held: pd.DataFrame, before: set[str]) -> pd.Series[str]:
    """Why each record has its id, the first that applies."""
    now, previous = held["customer_id"], held["previous_customer_id"]
    change = pd.Series("new", index=held.index, dtype=object)
    known = previous.notna()
    change[known] = "kept"
    other = known & (now != previous)
    if other.any():
        now, previous = now[other], previous[other]
        why = pd.Series("moved", index=now.index, dtype=object)
        why[~now.isin(before)] = "split"
        why[~previous.isin(held["customer_id"].unique())] = "merged"
        change[other] = why
    return change


def _inherited(held: pd.DataFrame) -> dict[int, str]:
    known = held.dropna(subset=["previous_customer_id"])
    if known.empty:
        return {}
    overlap = known.groupby(["cluster_no", "previous_customer_id"]).agg(
        n=("token", "size"), token=("token", "min")
    )
    overlap = overlap.reset_index().sort_values(
        ["n", "previous_customer_id", "token"], ascending=[False, True, True], ignore_index=True
    )
    ids: dict[int, str] = {}
    used: set[str] = set()
    columns = (overlap["cluster_no"], overlap["previous_customer_id"])
    for cluster_no, customer_id in zip(*columns, strict=True):
        if cluster_no not in ids and customer_id not in used:
            ids[cluster_no] = customer_id
            used.add(customer_id)
    return ids


def _new_id(token: str, taken: set[str]) -> str:
    turn = 0
    while True:
        (found,) = _letters([_digest(token, turn)])
        if found not in taken:
            return found
        turn += 1


def _first_ids(tokens: Iterable[str]) -> list[str]:
    """What `_new_id` tries first for each token; one by one it would take half of a first night's ledger."""
    return _letters([_digest(token, 0) for token in tokens])


def _digest(token: str, turn: int) -> bytes:
    return hashlib.blake2b(f"{token}/{turn}".encode(), digest_size=9).digest()


def _letters(digests: list[bytes]) -> list[str]:
    """The id that the lowest 65 bits of each digest (9 bytes, highest first) spell, lowest letter first."""
    octets = np.frombuffer(b"".join(digests), dtype=np.uint8).reshape(-1, 9)
    lower = octets[:, 1:].copy().view(">u8").astype(np.uint64)
    places = np.arange(_ID_LETTERS, dtype=np.uint64) * np.uint64(5)
    values = ((lower >> places) & np.uint64(31)).astype(np.uint8)
    values[:, -1] |= (octets[:, 0] & 1) << 4  # bit 64
    letters = np.frombuffer(_ALPHABET.encode(), dtype=np.uint8)[values]
    return ["C" + text for text in letters.view(f"S{_ID_LETTERS}").ravel().astype(str).tolist()]
