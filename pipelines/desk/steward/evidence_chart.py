"""The evidence of a pair as a waterfall: a row per part with its bar, in units of a drawing that is 200 wide."""

from __future__ import annotations

from dataclasses import dataclass

from pipelines.command.evidence import PairEvidence

WIDTH = 200.0
_EDGE = 4.0
PRIOR, PART, GUARD, SUM = "prior", "part", "guard", "sum"


@dataclass(frozen=True)
class Step:
    """One row. The bar begins at `x` and is `width` wide; `zero` and `floor` are where 0 bits and the threshold lie."""

    kind: str
    field: str
    level: str
    bits: float
    rarity: float | None
    x: float
    width: float


@dataclass(frozen=True)
class Waterfall:
    """`zero` and `floor`: where 0 bits and the threshold lie on the same scale."""

    steps: tuple[Step, ...]
    zero: float
    floor: float


def waterfall(pair: PairEvidence) -> Waterfall:
    """From the prior, part by part, to the match weight."""
    named: list[tuple[str, str, str, float, float | None]] = [(PRIOR, "", "", pair.prior, None)]
    named += [(PART, part.field, part.level, part.bits, part.rarity) for part in pair.parts]
    named += [(GUARD, part.field, part.level, part.bits, None) for part in pair.guards]
    ends = [0.0]
    for _, _, _, bits, _ in named:
        ends.append(ends[-1] + bits)
    low, high = min(*ends, pair.floor, pair.match_weight), max(*ends, pair.floor, pair.match_weight)
    scale = (WIDTH - 2 * _EDGE) / max(high - low, 1e-9)

    def at(bits: float) -> float:
        return round(_EDGE + (bits - low) * scale, 2)

    steps = [
        Step(*part, at(min(before, after)), max(round(abs(after - before) * scale, 2), 0.8))
        for part, before, after in zip(named, ends, ends[1:], strict=False)
    ]
    total = pair.match_weight
    steps.append(Step(SUM, "", "", total, None, at(min(total, 0.0)), max(round(abs(total) * scale, 2), 0.8)))
    return Waterfall(tuple(steps), at(0.0), at(pair.floor))
