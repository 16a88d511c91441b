"""Training of the match model: m- and u-probabilities per field and level, from counts of level patterns.

u comes from random pairs. m comes from expectation maximisation over candidate pairs (Fellegi and Sunter 1969; Winkler
1988), with one change: a field's m is taken from posteriors that leave the field itself out, so that a field cannot
confirm itself. The shipped probabilities act as a prior worth `em_prior_pairs` matches, so that small or odd data sets
keep sensible weights.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Counts = dict[str, Floats]

MODEL_COLUMNS = ["model_id", "field", "level", "label", "m", "u", "weight", "is_exact", "description"]
_SMALLEST = 1e-7

FIXED = frozenset({"given", "national_id", "other_id"})
"""Fields that keep their shipped probabilities. Households agree on everything but the given name and would teach that
given names differ within a person; references in common are only ever seen where they agree, so that counts tell nothing."""


def active_model(
    stored: pd.DataFrame, levels: pd.DataFrame, patterns: pd.DataFrame, settings: pd.DataFrame
) -> pd.DataFrame:
    """The stored model when there is one for today's levels, else a freshly trained one.

    Shape: one row per field and level with `MODEL_COLUMNS`; m and u are probabilities (0-1), weight is log2(m / u).
    """
    known = stored[MODEL_COLUMNS] if len(stored) else stored
    wanted = set(zip(levels["field"], levels["level"].astype(int), strict=True))
    if len(known) and set(zip(known["field"], known["level"].astype(int), strict=True)) == wanted:
        return known.sort_values(["field", "level"], ignore_index=True)
    return train(levels, patterns, settings)


def train(levels: pd.DataFrame, patterns: pd.DataFrame, settings: pd.DataFrame) -> pd.DataFrame:
    """Estimate a model from level patterns.

    `levels`: the shipped table (field, level, m_default, u_default, …). `patterns`: sample ('random' or 'candidate'),
    one `<field>_level` column per field (null: not comparable) and pair_count.
    """
    chosen = dict(zip(settings["setting"], settings["value"].astype(float), strict=True))
    levels = levels.sort_values(["field", "level"], ignore_index=True)
    fields = list(levels["field"].unique())
    prior_m = {str(name): group["m_default"].to_numpy(float) for name, group in levels.groupby("field")}
    prior_u = {str(name): group["u_default"].to_numpy(float) for name, group in levels.groupby("field")}
    random = patterns[patterns["sample"] == "random"]
    candidate = patterns[patterns["sample"] == "candidate"]
    u = _smoothed(_level_counts(random, fields, prior_u, None), prior_u, chosen["em_prior_pairs"])
    u.update({name: prior_u[name] / prior_u[name].sum() for name in FIXED & set(fields)})
    m = _maximise(candidate, fields, prior_m, u, chosen)
    trained = levels.copy()
    trained["m"] = np.concatenate([m[name] for name in fields])
    trained["u"] = np.concatenate([u[name] for name in fields])
    trained["weight"] = np.log2(trained["m"] / trained["u"])
    trained["model_id"] = "trained" if len(candidate) else "shipped"
    return trained[MODEL_COLUMNS]


def _maximise(
    patterns: pd.DataFrame, fields: list[str], prior_m: Counts, u: Counts, chosen: dict[str, float]
) -> Counts:
    m = {name: values / values.sum() for name, values in prior_m.items()}
    fixed = {name: m[name] for name in FIXED & set(fields)}
    if patterns.empty:
        return m
    pairs = patterns["pair_count"].to_numpy(float)
    share = 0.2  # of candidate pairs that match, to begin with; re-estimated in every round
    for _ in range(int(chosen["em_rounds"])):
        bits = {name: _pattern_bits(patterns, name, m[name], u[name]) for name in fields}
        total = np.sum(list(bits.values()), axis=0)
        odds = np.log2(share / (1 - share))
        without = {name: _posterior(total - bits[name] + odds) * pairs for name in fields}
        m = _smoothed(
            {name: _level_counts(patterns, [name], prior_m, without[name])[name] for name in fields},
            prior_m,
            chosen["em_prior_pairs"],
        )
        m.update(fixed)
        matched = float((_posterior(total + odds) * pairs).sum())
        share = float(np.clip(matched / pairs.sum(), 0.001, 0.5))
    return m


def _pattern_bits(patterns: pd.DataFrame, name: str, m: Floats, u: Floats) -> Floats:
    level = patterns[f"{name}_level"].fillna(-1).to_numpy(int)
    bits = np.log2(m / u)
    return np.where(level >= 0, bits[np.maximum(level, 0)], 0.0)


def _posterior(bits: Floats) -> Floats:
    return np.asarray(1.0 / (1.0 + np.exp2(-np.clip(bits, -60, 60))), dtype=np.float64)


def _level_counts(patterns: pd.DataFrame, fields: list[str], shape: Counts, weights: Floats | None) -> Counts:
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
