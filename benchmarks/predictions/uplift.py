"""Our uplift by customer against causalml's, in an environment of its own, on invented trials whose true uplift is known."""

from __future__ import annotations

import subprocess
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

from benchmarks.identity.peers import Peer
from pipelines.predictions.uplift import by_the_other_half, halves_of, trials_of, uplift_interval

CAUSALML = Peer("causalml", "", ("causalml",))
_ENGINE = """
import sys
import numpy as np
import pandas as pd
from sklearn.base import BaseEstimator, TransformerMixin
from causalml.inference.meta import BaseTClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
class Clip(TransformerMixin, BaseEstimator):
    def fit(self, rows, outcome=None):
        self.low_, self.high_ = np.quantile(rows, (0.01, 0.99), axis=0)
        return self
    def transform(self, rows):
        return np.clip(rows, self.low_, self.high_)
rows = pd.read_csv(sys.argv[1])
features = [name for name in rows if name.startswith("x")]
learner = lambda: BaseTClassifier(make_pipeline(Clip(), StandardScaler(), LogisticRegression(max_iter=500)), control_name=0)
for half in (0, 1):
    learn, test = rows[rows["half"] != half], rows["half"] == half
    model = learner()
    model.fit(learn[features].to_numpy(), learn["sent"].to_numpy(), learn["bought"].to_numpy())
    rows.loc[test, "uplift"] = model.predict(rows.loc[test, features].to_numpy()).ravel()
rows[["uplift"]].to_csv(sys.argv[2], index=False)
"""


def compare() -> pd.DataFrame | None:
    """One row per trial; None where causalml cannot be installed."""
    python = CAUSALML.python()
    if python is None:
        return None
    return pd.DataFrame([
        _compared(python, customers, moved, held)
        for customers, moved, held in ((20_000, 0.3, 0.5), (20_000, 0.05, 0.1), (5_000, 0.3, 0.2), (5_000, 0.0, 0.5))
    ])  # fmt: skip


def _compared(python: Path, customers: int, moved: float, held: float) -> dict[str, Any]:
    members, truth = trial(customers, moved, held)
    (one,) = trials_of(members)
    told = by_the_other_half(one)
    assert told is not None
    ours = told[0]
    with tempfile.TemporaryDirectory(prefix="ucv-uplift-") as folder:
        given, out = Path(folder) / "given.csv", Path(folder) / "out.csv"
        frame = pd.DataFrame(one.features, columns=[f"x{n}" for n in range(one.features.shape[1])])
        frame.assign(
            sent=one.sent.astype(int), bought=one.bought.astype(int), half=halves_of(one)
        ).to_csv(given, index=False)  # fmt: skip
        subprocess.run([str(python), "-c", _ENGINE, str(given), str(out)], check=True, capture_output=True)
        theirs = pd.read_csv(out)["uplift"].to_numpy()
    overall, low, high = uplift_interval(one.sent, one.bought)
    return {
        "customers": customers, "held out": held, "true mean": truth.mean(), "ours": overall,
        "interval": f"{low:.4f} to {high:.4f}", "largest difference": np.abs(ours - theirs).max(),
        "our error": np.abs(ours - truth).mean(), "causalml's error": np.abs(theirs - truth).mean(),
        "error of the same for everybody": np.abs(told[1] - truth).mean(),
    }  # fmt: skip


def trial(customers: int, moved: float, held: float, seed: int = 1) -> tuple[pa.Table, np.ndarray]:
    """Members of one campaign, held out by lot, and the true uplift of each: who bought lately is moved."""
    dice = np.random.default_rng(seed)
    days = dice.exponential(150, customers)
    out = dice.random(customers) < held
    truth = moved * np.exp(-days / 100)
    members = pa.table({
        "campaign_id": ["invented"] * customers, "customer_id": [f"c{n:06}" for n in range(customers)], "is_holdout": out,
        "order_days": dice.integers(1, 9, customers).astype(float), "days_since_order": days,
        "mean_value": dice.uniform(5, 90, customers),
        "has_bought": dice.random(customers) < 0.1 + np.where(out, 0.0, truth),
    })  # fmt: skip
    return members, truth
