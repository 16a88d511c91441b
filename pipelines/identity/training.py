"""Training of the match model: m- and u-probabilities per field and level, from counts of level patterns.

u comes from random pairs. m comes from expectation maximisation over candidate pairs (Fellegi and Sunter 1969; Winkler
1988). Candidates that do not match are no random pairs, they share a blocking key: they are split into classes of their
own (`pair_classes`: households, namesakes, people of another family, strangers), whose level probabilities are thrown away
afterwards. A pair that a steward judged is what the steward says. The shipped probabilities act as a prior worth
`em_prior_pairs` matches, and at least `em_prior_share` of those found.

The caps that pairs are weighed with hold for the evidence of a pattern too (`guard_bits`), and m keeps orders and
bounds beside u in every round (`level_order`): levels of one field stay in their declared order, and a level that speaks
against a match keeps half of its shipped bits.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pipelines.identity.level_order import LevelOrder, level_orders
from pipelines.identity.pair_classes import AT_RANDOM, PatternLevels
from pipelines.identity.pattern_guards import Counts, Floats, guard_bits
from pipelines.matching.specification import match_specification

MODEL_COLUMNS = ["model_id", "field", "level", "label", "m", "u", "weight", "is_exact", "description"]
PRIOR_FIELD = "any_pair"
"""Pseudo field of the model: one level per entity type, m the chance that two random profiles are the same entity."""

_SMALLEST = 1e-9
_PRIOR_PROFILES = 20.0  # that `expected_duplicates` is worth when the number of duplicates is estimated
_ENTITY_TYPES = ("organisation", "person")


def active_model(
    stored: pd.DataFrame,
    levels: pd.DataFrame,
    patterns: pd.DataFrame,
    population: pd.DataFrame,
    settings: pd.DataFrame,
) -> pd.DataFrame:
    """The stored model when there is one for today's levels, else a freshly trained one.

    Shape: one row per field and level with `MODEL_COLUMNS`, and one per entity type as `PRIOR_FIELD`; m and u are
    probabilities (0-1), weight is log2(m / u).
    """
    known = stored[MODEL_COLUMNS] if len(stored) else stored
    fields = known[known["field"] != PRIOR_FIELD] if len(known) else known
    wanted = set(zip(levels["field"], levels["level"].astype(int), strict=True))
    if len(fields) and set(zip(fields["field"], fields["level"].astype(int), strict=True)) == wanted:
        return known.sort_values(["field", "level"], ignore_index=True)
    return train(levels, patterns, population, settings)


def train(
    levels: pd.DataFrame, patterns: pd.DataFrame, population: pd.DataFrame, settings: pd.DataFrame
) -> pd.DataFrame:
    """Estimate a model from level patterns.

    `levels`: the shipped table (field, level, m_default, u_default, …). `patterns`: sample ('random' or 'candidate'),
    entity_type, is_match (a steward's verdict, null: none), one `<field>_level` column per field (null: not comparable),
    pair_count and the flags of `guard_bits`. `population`: entity_type, profile_count. Raises UcvError when the order of the levels is wrong.
    """
    orders = level_orders(levels)
    chosen = dict(zip(settings["setting"], settings["value"].astype(float), strict=True))
    levels = levels.sort_values(["field", "level"], ignore_index=True)
    fields = list(levels["field"].unique())
    prior_m = {str(name): group["m_default"].to_numpy(float) for name, group in levels.groupby("field")}
    prior_u = {str(name): group["u_default"].to_numpy(float) for name, group in levels.groupby("field")}
    random = patterns[patterns["sample"] == "random"]
    candidate = patterns[patterns["sample"] == "candidate"]
    u = _smoothed(_level_counts(random, fields, prior_u, None), prior_u, chosen["em_prior_pairs"])
    # Fields that are only ever seen where they agree (references in common): counts tell nothing about them.
    learned = {name: order for name, order in orders.items() if (patterns[f"{name}_level"] == 0).any()}
    u.update({name: prior_u[name] / prior_u[name].sum() for name in fields if name not in learned})
    m, matching = _maximise(candidate, prior_m, u, chosen, learned)
    prior = _prior_rows(candidate, matching, population, chosen["expected_duplicates"])
    random_match = _random_match(prior, population)
    u = {name: _without_matches(u[name], m[name], random_match) for name in fields}
    # The order is kept by taking matches out of u, the bounds are kept but for a little.
    m = {name: orders[name].project(m[name], u[name]) for name in fields}
    trained = levels.copy()
    trained["m"] = np.concatenate([m[name] for name in fields])
    trained["u"] = np.concatenate([u[name] for name in fields])
    trained = pd.concat([trained, prior], ignore_index=True)
    trained["weight"] = np.log2(trained["m"] / trained["u"])
    trained["model_id"] = "trained" if len(candidate) else "shipped"
    return trained[MODEL_COLUMNS].sort_values(["field", "level"], ignore_index=True)


def _maximise(
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
    others = _other_classes(patterns, pairs, m, u, learned, strength)
    shares = np.array([0.2, *np.full(len(others), 0.8 / len(others))])
    for _ in range(int(chosen["em_rounds"])):
        chance = np.stack([seen.log2_chance(m) + capped, *(seen.log2_chance(c) for c in others.values())])
        member = _membership(chance + np.log2(shares)[:, None], verdict)
        matched = member[0] * pairs
        weight = max(strength, chosen["em_prior_share"] * matched.sum())
        counted = _smoothed(_level_counts(patterns, learned, prior_m, matched), prior_m, weight)
        m |= {name: order.project(counted[name], u[name]) for name, order in learned.items()}
        for place, (kind, held) in enumerate(others.items(), 1):
            fields = [name for name in learned if name not in AT_RANDOM.get(kind, ())]
            counts = _level_counts(patterns, fields, prior_m, member[place] * pairs)
            held.update(_smoothed(counts, u, strength))
        shares = np.clip(member @ pairs / pairs.sum(), 0.0005, 0.9)
    return m, member[0]


def _other_classes(  # noqa: PLR0913, PLR0917 - what a round begins with
    patterns: pd.DataFrame,
    pairs: Floats,
    m: Counts,
    u: Counts,
    learned: dict[str, LevelOrder],
    strength: float,
) -> dict[str, Counts]:
    """Level probabilities of the classes that do not match, to begin with: those of all candidates."""
    stranger = u | _smoothed(_level_counts(patterns, learned, m, pairs), u, strength)
    classes = {
        kind: stranger | {name: u[name] for name in fields if name in u} for kind, fields in AT_RANDOM.items()
    }
    return {**classes, "stranger": stranger}


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


def _prior_rows(
    candidate: pd.DataFrame, matching: Floats, population: pd.DataFrame, expected: float
) -> pd.DataFrame:
    """The chance that two random profiles of an entity type are the same entity, as rows of the model."""
    sizes = dict(zip(population["entity_type"], population["profile_count"].astype(float), strict=True))
    rows = []
    for level, entity_type in enumerate(_ENTITY_TYPES):
        size = sizes.get(entity_type, 0.0)
        of_type = (candidate["entity_type"] == entity_type).to_numpy()
        matched = float((matching[of_type] * candidate.loc[of_type, "pair_count"].to_numpy(float)).sum())
        duplicates = (2 * matched + _PRIOR_PROFILES * expected) / (size + _PRIOR_PROFILES)
        m = min(duplicates / max(size - 1, 1), 0.25)
        description = f"Two random profiles of a {entity_type}"
        rows.append((PRIOR_FIELD, level, entity_type, m, 1 - m, False, description))
    return pd.DataFrame(rows, columns=["field", "level", "label", "m", "u", "is_exact", "description"])


def _random_match(prior: pd.DataFrame, population: pd.DataFrame) -> float:
    """The chance of a random pair of one entity type to match, over all types."""
    known = prior.merge(population, left_on="label", right_on="entity_type")
    pairs = known["profile_count"].astype(float) * (known["profile_count"].astype(float) - 1)
    return float((known["m"] * pairs).sum() / pairs.sum()) if pairs.sum() else 0.0


def _without_matches(u: Floats, m: Floats, random_match: float) -> Floats:
    """u of pairs that do not match: random pairs of a small or much repeated set hold some that do."""
    cleaned = np.maximum((u - random_match * m) / (1 - random_match), u * 0.02)
    return np.asarray(cleaned / cleaned.sum(), dtype=np.float64)


def _posterior(bits: Floats) -> Floats:
    return np.asarray(1.0 / (1.0 + np.exp2(-np.clip(bits, -60, 60))), dtype=np.float64)


def _level_counts(
    patterns: pd.DataFrame, fields: Iterable[str], shape: Counts, weights: Floats | None
) -> Counts:
    pairs = patterns["pair_count"].to_numpy(float) if weights is None else weights
    counts: Counts = {}
    for name in fields:
        level = patterns[f"{name}_level"].fillna(-1).to_numpy(int)
        held = level >= 0
        counts[name] = np.bincount(level[held], weights=pairs[held], minlength=len(shape[name])).astype(float)
    return counts


def _smoothed(counts: Counts, prior: Counts, strength: float) -> Counts:
    smoothed = {}
    for name, seen in counts.items():
        weighed = seen + strength * prior[name] / prior[name].sum()
        smoothed[name] = np.maximum(weighed / weighed.sum(), _SMALLEST)
    return smoothed
