"""The evidence of one pair of profiles, part by part in bits, as it stands in the tables of the working file."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import duckdb

from pipelines.command.working_file import weights_sql
from pipelines.matching.specification import match_specification


@dataclass(frozen=True)
class Part:
    """One field: its level in words, its weight in bits, of which `rarity` comes from how common the very value is."""

    field: str
    level: str
    bits: float
    rarity: float | None = None


@dataclass(frozen=True)
class PairEvidence:
    """One pair. `parts` and the corrections of `guards` add up, with the prior, to `match_weight` (bits)."""

    profile_a: int
    profile_b: int
    prior: float
    parts: tuple[Part, ...]
    guards: tuple[Part, ...]
    match_weight: float
    is_conflict: bool
    floor: float

    @property
    def probability(self) -> float:
        """The match weight as a probability, 0-1."""
        return float(1 / (1 + 2.0 ** -max(min(self.match_weight, 1000), -1000)))


def read_evidence(
    conn: duckdb.DuckDBPyConnection, where: str, parameters: list[Any], order: str
) -> list[PairEvidence]:
    """The pairs of a condition over `weights_sql()`, in an order."""
    found = conn.execute(f"SELECT * FROM ({weights_sql()}) WHERE {where} ORDER BY {order}", parameters)
    names = [column[0] for column in found.description or ()]
    rows = [dict(zip(names, row, strict=True)) for row in found.fetchall()]
    model = conn.execute(
        "SELECT field, level, label, weight FROM warehouse.identity.identity_match_model"
    ).fetchall()
    levels = {(field, level): (label, weight) for field, level, label, weight in model}
    setting = "SELECT value FROM warehouse.identity.identity_match_settings WHERE setting = 'link_floor'"
    row = conn.execute(setting).fetchone()
    return [_evidence(pair, levels, float(row[0]) if row else 0.0) for pair in rows]


def _evidence(
    pair: dict[str, Any], levels: dict[tuple[str, int], tuple[str, float]], floor: float
) -> PairEvidence:
    parts = []
    for field in match_specification().fields:
        level, bits = pair[f"{field}_level"], float(pair[f"{field}_weight"])
        if level is not None:
            label, average = levels.get((field, level), (str(level), bits))
            rarity = bits - float(average)
            parts.append(Part(field, label, bits, rarity if abs(rarity) > 0.005 else None))
    return PairEvidence(
        pair["profile_a"], pair["profile_b"], float(pair["prior_weight"]), tuple(parts), _guards(pair),
        float(pair["match_weight"]), bool(pair["is_conflict"]), floor,
    )  # fmt: skip


def _guards(pair: dict[str, Any]) -> tuple[Part, ...]:
    """What the rules about whole groups of fields take, each as a column of the tables has it."""
    found = [
        Part(
            "name",
            "parts and whole name repeat each other; a name alone is no match",
            pair["name_correction"],
        )
    ]
    found += [
        Part(guard.name, guard.text, pair[f"{guard.name}_guard"]) for guard in match_specification().guards
    ]
    return tuple(part for part in found if abs(part.bits) > 0.005)
