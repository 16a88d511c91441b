"""Uplift: how many more bought because a campaign wrote to them, told from customers who were held out of it by lot.

For everybody it is the difference of two shares with its interval (Agresti and Caffo, as in campaign_summary). By customer it is
the difference of two regressions, one learned from those written to and one from those held out; each is learned on one half of
the customers and tested on the other, against the same uplift for everybody.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from pipelines.predictions import back_test as frame
from pipelines.predictions.classifier import Flags, fit_classifier
from pipelines.predictions.grouping import Vector
from pipelines.predictions.results import Results

MODEL, BASELINE, METRIC = "two_regressions", "same_for_everybody", "transformed_outcome_error"
"""The metric is the mean squared distance of the uplift from the outcome by its treatment (Athey and Imbens 2016): it cannot be
seen for a customer, but what is expected of it is the distance from the true uplift and a constant."""

FEATURES = ("order_days", "days_since_order", "mean_value")
"""Of the time before the campaign wrote, or would have written, to the customer; as logarithms of one more."""

EVERYBODY = 0
"""The decile of a row about all customers of a campaign."""

UPLIFT_SCHEMA = pa.schema([
    ("campaign_id", pa.string()), ("decile", pa.int32()), ("sent_customers", pa.int64()), ("holdout_customers", pa.int64()),
    ("predicted", pa.float64()), ("uplift", pa.float64()), ("uplift_low", pa.float64()), ("uplift_high", pa.float64()),
    ("is_published", pa.bool_()), ("reason", pa.string()),
])  # fmt: skip

_SEED = 7


@dataclass(frozen=True)
class Trial:
    """The customers of one campaign, in the order of their ids: FEATURES, who was written to, who bought within 30 days."""

    campaign: str
    features: Vector
    sent: Flags
    bought: Flags

    @property
    def arms(self) -> tuple[int, int]:
        """Customers written to and held out."""
        return int(self.sent.sum()), int((~self.sent).sum())


def predict_uplift(members: pa.Table, results: Results) -> pa.Table:
    """Rows of UPLIFT_SCHEMA: each campaign's uplift for everybody, and by decile where it could be tested.

    `members` has one row per campaign and customer: campaign_id, customer_id, is_holdout, FEATURES, has_bought. A back-test
    per campaign with enough customers on both sides is added to `results`, or one that says why there is none.
    """
    rows: list[dict[str, Any]] = []
    is_any = False
    for trial in trials_of(members):
        if min(trial.arms) < frame.FEWEST_TESTED:
            rows.append(_row(trial, np.ones(len(trial.sent), bool), reason=frame.FEW_HELD_OUT))
            continue
        is_any = True
        test, predicted = _tested(trial)
        results.add_tests([test])
        told: dict[str, Any] = {"is_published": test.is_published, "reason": test.reason}
        rows.append(_row(trial, np.ones(len(trial.sent), bool), **told))
        if predicted is not None:
            tenth = frame.tenths(predicted)
            rows += [
                _row(trial, tenth == n, int(n), float(predicted[tenth == n].mean()), **told)
                for n in np.unique(tenth)
            ]
    if not is_any:
        tried = frame.Tried("uplift", MODEL, BASELINE, METRIC)
        results.add_tests([frame.untested(tried, frame.NO_HOLDOUT)])
    return pa.Table.from_pylist(rows, schema=UPLIFT_SCHEMA)


def uplift_interval(sent: Flags, bought: Flags) -> tuple[float, float, float]:
    """The difference of the shares of buyers, and its 95 % interval; one success and one failure are added to each side."""
    sides = [(int(bought[one].sum()), int(one.sum())) for one in (sent, ~sent)]
    shares = [buyers / max(many, 1) for buyers, many in sides]
    adjusted = [(buyers + 1) / (many + 2) for buyers, many in sides]
    error = np.sqrt(sum(p * (1 - p) / (many + 2) for p, (_, many) in zip(adjusted, sides, strict=True)))
    middle = adjusted[0] - adjusted[1]
    return shares[0] - shares[1], float(middle - 1.96 * error), float(middle + 1.96 * error)


def trials_of(members: pa.Table) -> list[Trial]:
    """Campaigns with customers on both sides, by name."""
    if not len(members):
        return []
    ordered = members.sort_by([("campaign_id", "ascending"), ("customer_id", "ascending")])
    campaigns = ordered["campaign_id"].to_numpy(zero_copy_only=False).astype(str)
    columns = [pc.cast(ordered[name], pa.float64()).to_numpy() for name in FEATURES]
    features = np.log1p(np.clip(np.nan_to_num(np.column_stack(columns)), 0, None))
    held = ordered["is_holdout"].to_numpy(zero_copy_only=False).astype(bool)
    bought = ordered["has_bought"].to_numpy(zero_copy_only=False).astype(bool)
    names, starts = np.unique(campaigns, return_index=True)
    ends = np.append(starts[1:], len(campaigns))
    trials = [
        Trial(str(name), features[start:end], ~held[start:end], bought[start:end])
        for name, start, end in zip(names, starts, ends, strict=True)
    ]
    return [trial for trial in trials if min(trial.arms)]


def halves_of(trial: Trial) -> npt.NDArray[np.intp]:
    """0 or 1 per customer by lot, the same lot each time."""
    return np.asarray(np.random.default_rng(_SEED).permutation(len(trial.sent)) % 2, dtype=np.intp)


def by_the_other_half(trial: Trial) -> tuple[Vector, Vector] | None:
    """Each customer's uplift as learned from the half without the customer, and the uplift of everybody there.

    None where on a side of a half all did the same.
    """
    halves = halves_of(trial)
    predicted, same = np.zeros(len(halves)), np.zeros(len(halves))
    for half in (0, 1):
        learn, test = halves != half, halves == half
        models = []
        for side in (trial.sent, ~trial.sent):
            outcome = trial.bought[learn & side]
            if not outcome.any() or outcome.all():
                return None
            models.append(fit_classifier(trial.features[learn & side], outcome)(trial.features[test]))
        predicted[test] = models[0] - models[1]
        same[test] = uplift_interval(trial.sent[learn], trial.bought[learn])[0]
    return predicted, same


def _tested(trial: Trial) -> tuple[frame.BackTest, Vector | None]:
    tried = frame.Tried(f"uplift {trial.campaign}", MODEL, BASELINE, METRIC, len(trial.sent))
    told = by_the_other_half(trial)
    if told is None:
        return frame.untested(tried, frame.ALL_ALIKE), None
    predicted, same = told
    share = trial.sent.mean()
    outcome = trial.bought * (trial.sent / share - ~trial.sent / (1 - share))
    return frame.judge(tried, (outcome - predicted) ** 2, (outcome - same) ** 2), predicted


def _row(  # noqa: PLR0913, PLR0917 - the columns of a row
    trial: Trial, inside: Flags, decile: int = EVERYBODY, predicted: float | None = None,
    is_published: bool = False, reason: str = "",
) -> dict[str, Any]:  # fmt: skip
    sent, bought = trial.sent[inside], trial.bought[inside]
    is_told = sent.any() and not sent.all()
    uplift, low, high = uplift_interval(sent, bought) if is_told else (None, None, None)
    return {
        "campaign_id": trial.campaign, "decile": decile, "sent_customers": int(sent.sum()),
        "holdout_customers": int((~sent).sum()), "predicted": predicted, "uplift": uplift, "uplift_low": low,
        "uplift_high": high, "is_published": is_published, "reason": reason,
    }  # fmt: skip
