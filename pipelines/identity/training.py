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

import numpy as np
import pandas as pd

from pipelines.identity.level_counts import level_counts, smoothed
from pipelines.identity.level_order import level_orders
from pipelines.identity.maximisation import maximise
from pipelines.identity.model_check import contradictions, refusal
from pipelines.identity.pair_classes import Floats
from pipelines.identity.reliefs import RELIEF_FIELD, relief_rows, relieved
from pipelines.matching.specification import match_specification

MODEL_COLUMNS = ["model_id", "field", "level", "label", "m", "u", "weight", "is_exact", "description"]
PRIOR_FIELD = "any_pair"
"""Pseudo field of the model: one level per entity type, m the chance that two random profiles are the same entity."""

PSEUDO_FIELDS = (PRIOR_FIELD, RELIEF_FIELD)
"""Rows of the model that are no level of a compared field."""

REFUSED = "refused"
"""model_id where training gave a model that contradicts itself more than the shipped one does: the shipped m hold instead."""

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

    Shape: one row per field and level with `MODEL_COLUMNS`, one per entity type as `PRIOR_FIELD` and one per
    relief as `RELIEF_FIELD`; m and u are probabilities (0-1), weight is log2(m / u).
    """
    known = stored[MODEL_COLUMNS] if len(stored) else stored
    fields = known[~known["field"].isin(PSEUDO_FIELDS)] if len(known) else known
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
    u = smoothed(level_counts(random, fields, prior_u, None), prior_u, chosen["em_prior_pairs"])
    # Fields that are only ever seen where they agree, and those that the specification keeps as shipped.
    fixed = {comparison.field for comparison in match_specification().comparisons if not comparison.trained}
    learned = {
        name: order
        for name, order in orders.items()
        if name not in fixed and (patterns[f"{name}_level"] == 0).any()
    }
    u.update({name: prior_u[name] / prior_u[name].sum() for name in fields if name not in learned})
    reliefs = match_specification().reliefs
    relief = relief_rows(candidate, reliefs, chosen)
    without = relieved(candidate, relief, reliefs, chosen.get("relief_floor", np.inf))
    m, matching = maximise(without, prior_m, u, chosen, learned)
    prior = _prior_rows(candidate, matching, population, chosen["expected_duplicates"])
    random_match = _random_match(prior, population)
    u = {name: _without_matches(u[name], m[name], random_match) for name in fields}
    # The order is kept by taking matches out of u, the bounds are kept but for a little.
    m = {name: orders[name].project(m[name], u[name]) for name in fields}
    shipped = {name: values / values.sum() for name, values in prior_m.items()}
    numbers = {
        (field, label): level
        for field, label, level in zip(levels["field"], levels["label"], levels["level"], strict=True)
    }
    refused = refusal(contradictions(candidate, numbers, m, shipped, u, _prior_bits(prior)))
    m = {name: orders[name].project(shipped[name], u[name]) for name in fields} if refused else m
    trained = levels.copy()
    trained["m"] = np.concatenate([m[name] for name in fields])
    trained["u"] = np.concatenate([u[name] for name in fields])
    trained = pd.concat([trained, prior, relief], ignore_index=True)
    trained["weight"] = np.log2(trained["m"] / trained["u"])
    trained["model_id"] = REFUSED if refused else "trained" if len(candidate) else "shipped"
    return trained[MODEL_COLUMNS].sort_values(["field", "level"], ignore_index=True)


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


def _prior_bits(prior: pd.DataFrame) -> float:
    """What a pair of persons weighs before anything is compared."""
    person = prior[prior["label"] == "person"].iloc[0]
    return float(np.log2(person["m"] / person["u"]))


def _random_match(prior: pd.DataFrame, population: pd.DataFrame) -> float:
    """The chance of a random pair of one entity type to match, over all types."""
    known = prior.merge(population, left_on="label", right_on="entity_type")
    pairs = known["profile_count"].astype(float) * (known["profile_count"].astype(float) - 1)
    return float((known["m"] * pairs).sum() / pairs.sum()) if pairs.sum() else 0.0


def _without_matches(u: Floats, m: Floats, random_match: float) -> Floats:
    """u of pairs that do not match: random pairs of a small or much repeated set hold some that do."""
    cleaned = np.maximum((u - random_match * m) / (1 - random_match), u * 0.02)
    return np.asarray(cleaned / cleaned.sum(), dtype=np.float64)
