"""BG/NBD of the package lifetimes, in an environment of its own, on the same test of CDNOW as ours."""

from __future__ import annotations

import json
import subprocess
import tempfile
from datetime import timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from benchmarks.identity.peers import Peer
from benchmarks.predictions.purchases import Purchases
from pipelines.predictions.bg_nbd import fit_bg_nbd
from pipelines.predictions.lifetime_value import histories

LIFETIMES = Peer("lifetimes", "", ("lifetimes==0.11.3", "pandas<2.2", "numpy<2", "scipy<1.12"))
_ENGINE = """
import json, sys
import pandas as pd
from lifetimes import BetaGeoFitter
rows = pd.read_csv(sys.argv[1])
model = BetaGeoFitter().fit(rows["frequency"], rows["recency"], rows["age"])
rows["expected"] = model.conditional_expected_number_of_purchases_up_to_time(
    float(sys.argv[3]), rows["frequency"], rows["recency"], rows["age"])
rows[["expected"]].to_csv(sys.argv[2], index=False)
print(json.dumps({name: float(model.params_[name]) for name in ("r", "alpha", "a", "b")}))
"""


def compare(purchases: Purchases, days: int) -> pd.DataFrame | None:
    """Parameters and mean absolute error of orders in the last `days`; None where lifetimes cannot be installed."""
    python = LIFETIMES.python()
    if python is None:
        return None
    cut = purchases.until - timedelta(days=days)
    table = purchases.order_days.to_pandas().assign(
        day=lambda rows: pd.to_datetime(rows["day"])
    )  # fmt: skip
    known = histories(table, cut)
    later = table[table["day"] > pd.Timestamp(cut)].groupby("customer_id").size()
    actual = later.reindex(known["customer_id"]).fillna(0).to_numpy(dtype=float)
    with tempfile.TemporaryDirectory(prefix="ucv-lifetimes-") as folder:
        given, out = Path(folder) / "given.csv", Path(folder) / "out.csv"
        known.to_csv(given, index=False)
        command = [str(python), "-W", "ignore", "-c", _ENGINE, str(given), str(out), str(days / 7)]
        told = subprocess.run(command, capture_output=True, text=True, check=True).stdout
        theirs = pd.read_csv(out)["expected"].to_numpy()
    vectors = [known[name].to_numpy(dtype=float) for name in ("frequency", "recency", "age")]
    model = fit_bg_nbd(*vectors)
    assert model is not None
    ours = model.expected_purchases(*vectors, days / 7)
    return pd.DataFrame(
        [_row("ours", vars(model), ours, actual), _row("lifetimes", json.loads(told), theirs, actual)]
    )


def _row(name: str, parameters: dict[str, float], expected: np.ndarray, actual: np.ndarray) -> dict[str, Any]:
    return {"bg_nbd of": name, **parameters, "mean absolute error": np.abs(expected - actual).mean()}
