"""Evidence of level patterns in bits, with the caps on what a household shares that the weights of pairs have too."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Counts = dict[str, Floats]

_CONTACT_FIELDS = ("phone", "email", "address")


def pattern_evidence(patterns: pd.DataFrame, m: Counts, u: Counts, caps: dict[str, float]) -> Floats:
    """Bits of evidence for a match, one number per pattern, as `weigh_pairs` adds them; without prior and rarity.

    `caps`: contact_cap and contradiction_cap in bits (absent: no cap). Without them the people of one house look like matches
    and outnumber them. The columns name_contradicts, birth_date_contradicts and has_identifier (absent: never) say which
    cap holds for a pattern.
    """
    bits = {name: _field_bits(patterns, name, m[name], u[name]) for name in m}
    none = np.zeros(len(patterns))
    is_organisation = (patterns["entity_type"] == "organisation").to_numpy(bool)
    is_other_name = _flag(patterns, "name_contradicts")
    organisation = bits.pop("organisation", none)
    contact = np.sum([none, *(bits.pop(name, none) for name in _CONTACT_FIELDS)], axis=0)
    contact += np.where(is_organisation, 0, organisation)
    is_capped = is_other_name | _flag(patterns, "birth_date_contradicts")
    contact = np.where(is_capped, np.minimum(contact, caps.get("contact_cap", np.inf)), contact)
    contact += bits.pop("birth_date", none)
    is_twin = is_other_name & ~_flag(patterns, "has_identifier")
    contact = np.where(is_twin, np.minimum(contact, caps.get("contradiction_cap", np.inf)), contact)
    return np.asarray(
        np.sum([contact, np.where(is_organisation, organisation, 0), *bits.values()], axis=0),
        dtype=np.float64,
    )


def _field_bits(patterns: pd.DataFrame, name: str, m: Floats, u: Floats) -> Floats:
    level = patterns[f"{name}_level"].fillna(-1).to_numpy(int)
    bits = np.log2(m / u)
    return np.where(level >= 0, bits[np.maximum(level, 0)], 0.0)


def _flag(patterns: pd.DataFrame, name: str) -> NDArray[np.bool_]:
    return patterns[name].to_numpy(bool) if name in patterns else np.zeros(len(patterns), dtype=np.bool_)
