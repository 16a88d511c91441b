"""Expectation maximisation over candidate pairs: a class that matches, and the classes that don't (`pair_classes`).

Fields that the specification trains `by_the_rest` are counted again at the end (`sure_matches`).
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pipelines.identity.level_counts import level_counts, smoothed
from pipelines.identity.level_order import LevelOrder
from pipelines.identity.pair_classes import ALIKE, AT_RANDOM, Counts, Floats, PatternLevels
from pipelines.identity.pattern_guards import guard_bits
from pipelines.identity.sure_matches import recounted
from pipelines.matching.specification import match_specification


def maximise(
    patterns: pd.DataFrame,
    prior_m: Counts,
    u: Counts,
    chosen: dict[str, float],
    learned: dict[str, LevelOrder],
) -> tuple[Counts, Floats]:
    """m-probabilities in their order beside u, and the chance of every pattern to be a match.

    Fields that are not `learned` keep what is shipped. Classes that do not match need no order.
    """
    m = {name: values / values.sum() for name, values in prior_m.items()}
    if patterns.empty:
        return m, np.zeros(0)
    pairs = patterns["pair_count"].to_numpy(float)
    verdict = patterns["is_match"].astype("Float64").to_numpy(float, na_value=np.nan)
    strength = chosen["em_prior_pairs"]
    seen = PatternLevels.of(patterns, list(m))
    capped = guard_bits(patterns, m, u, match_specification().guards, chosen)
    others, expected = _other_classes(patterns, pairs, m, u, learned, strength)
    known = max(chosen["em_class_pairs"], chosen["em_class_share"] * float(pairs.sum()))
    shares = np.array([0.2, *np.full(len(others), 0.8 / len(others))])
    for _ in range(int(chosen["em_rounds"])):
        chance = np.stack([seen.log2_chance(m) + capped, *(seen.log2_chance(c) for c in others.values())])
        member = _membership(chance + np.log2(shares)[:, None], verdict)
        matched = member[0] * pairs
        weight = max(strength, chosen["em_prior_share"] * matched.sum())
        counted = smoothed(level_counts(patterns, learned, prior_m, matched), prior_m, weight)
        m |= {name: order.project(counted[name], u[name]) for name, order in learned.items()}
        for place, (kind, held) in enumerate(others.items(), 1):
            fields = [name for name in learned if name not in AT_RANDOM.get(kind, ())]
            counts = level_counts(patterns, fields, prior_m, member[place] * pairs)
            weight = strength if kind == "stranger" else known
            held.update(smoothed(counts, expected[kind], weight))
        shares = np.clip(member @ pairs / pairs.sum(), 0.0005, 0.9)

    def without(name: str) -> Floats:
        rest = seen.without(name)
        chance = np.stack([rest.log2_chance(m) + capped, *(rest.log2_chance(c) for c in others.values())])
        return np.asarray(_membership(chance + np.log2(shares)[:, None], verdict)[0])

    by_the_rest = [one.field for one in match_specification().comparisons if one.by_the_rest]
    doubted = [name for name in learned if name in by_the_rest]
    return m | recounted(patterns, doubted, m, u, learned, without, chosen), member[0]


def _other_classes(  # noqa: PLR0913, PLR0917 - what a round begins with
    patterns: pd.DataFrame,
    pairs: Floats,
    m: Counts,
    u: Counts,
    learned: dict[str, LevelOrder],
    strength: float,
) -> tuple[dict[str, Counts], dict[str, Counts]]:
    """Level probabilities of the classes that do not match, to begin with, and what is expected of them before any count.

    They begin as all candidates are. Expected is that they agree as random pairs do, but for what makes the class.
    """
    stranger = u | smoothed(level_counts(patterns, learned, m, pairs), u, strength)
    begin = {
        kind: stranger | {name: u[name] for name in fields if name in u} for kind, fields in AT_RANDOM.items()
    }
    expected = {kind: u | {name: m[name] for name in ALIKE.get(kind, ()) if name in m} for kind in AT_RANDOM}
    return {**begin, "stranger": stranger}, {**expected, "stranger": u}


def _membership(bits: Floats, verdict: NDArray[np.floating[Any]]) -> Floats:
    """Chance of each class (rows) for each pattern (columns); a steward's verdict decides whether it is a match."""
    chances: Floats = np.exp2(bits - bits.max(axis=0))
    chances /= chances.sum(axis=0)
    judged = ~np.isnan(verdict)
    rest = 1 - chances[0]
    known = np.where(judged, verdict, chances[0])
    chances[1:] *= np.where(rest > 0, (1 - known) / np.maximum(rest, 1e-300), 0)
    chances[0] = known
    return chances
