"""90 simulated nights of four sources, 12 of them with a drift: `python -m benchmarks.drift [--seed N] [--nights N]`.

Deliveries go through ingest and its judge as those of a real night do. Prints what was noticed by which check, and the
alarms of clean nights; exit 1 with fewer than 11 drifts noticed or more than one false alarm.
"""

from __future__ import annotations

import argparse
import os
import random
import shutil
import sys
import tempfile
import warnings
from dataclasses import dataclass, field
from datetime import UTC
from pathlib import Path

import pandas as pd

from benchmarks.drift.drifts import DRIFTS
from benchmarks.drift.nights import SOURCES, Nights
from pipelines.assets.delivery_checks import DeliveryJudge
from pipelines.contracts.load import load_contract
from pipelines.ingest.source import ingest_source
from pipelines.quality.results import CheckResult, outside
from pipelines.storage.connection import open_connection
from pipelines.storage.home import create_home
from pipelines.storage.keys import load_keys

WARM_UP = 18
LEAST_NOTICED, MOST_FALSE = 11, 1


@dataclass
class Outcome:
    """What was said in all nights: drift -> failed checks, and the alarms about deliveries without a drift."""

    noticed: dict[str, list[CheckResult]] = field(default_factory=dict)
    false: list[tuple[int, CheckResult]] = field(default_factory=list)
    clean_nights: int = 0


def simulate(seed: int, nights: int, home: Path) -> Outcome:
    """Deliver and judge night after night; each drift comes once, after the warm-up, at a night that the seed chooses."""
    dice = random.Random(seed)
    made = Nights(seed)
    chosen = dice.sample(range(WARM_UP, nights), len(DRIFTS))
    plan = dict(zip(chosen, dice.sample(list(DRIFTS), len(DRIFTS)), strict=True))
    settings = create_home(home)
    keys = load_keys(settings)
    contracts = {}
    for source in SOURCES:
        shutil.copy(Path(__file__).with_name("contracts") / f"{source}.yml", settings.home / "contracts")
        contracts[source] = load_contract(settings.home / "contracts" / f"{source}.yml", settings.home)
        (settings.home / "landing" / source).mkdir(parents=True, exist_ok=True)
    conn = open_connection(settings, keys)
    found = Outcome()
    for night in range(nights):
        drift = plan.get(night)
        found.clean_nights += night >= WARM_UP and drift is None
        for source in SOURCES:
            rows = made.delivery(source, night)
            is_drifted = drift is not None and DRIFTS[drift][0] == source
            if drift is not None and is_drifted:
                rows = DRIFTS[drift][1](rows, made, dice)
            path = settings.home / "landing" / source / f"{night:03d}.csv"
            rows.to_csv(path, index=False)
            moment = made.delivered_at(night)
            os.utime(path, (moment.replace(tzinfo=UTC).timestamp(),) * 2)
            judge = DeliveryJudge(settings, keys, {})
            ingest_source(contracts[source], settings, keys, moment, conn, judge)
            path.unlink()
            failed = [one for results in judge.results.values() for one in results if not one.passed]
            if drift is not None and is_drifted:
                found.noticed[drift] = failed
            else:
                found.false += [(night, one) for one in failed]
    return found


def main(words: list[str]) -> int:
    """Print the table of drifts and the false alarms."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.drift", description=__doc__)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--nights", type=int, default=90)
    given = parser.parse_args(words)
    warnings.filterwarnings("ignore")
    with tempfile.TemporaryDirectory(prefix="ucv-drift-") as folder:
        os.environ["XDG_CONFIG_HOME"] = str(Path(folder) / "config")
        found = simulate(given.seed, given.nights, Path(folder) / "home")
    print(pd.DataFrame([_row(drift, found) for drift in DRIFTS]).to_markdown(index=False))
    noticed = sum(bool(failed) for failed in found.noticed.values())
    print(f"\n{noticed} of {len(DRIFTS)} drifts noticed; {len(found.false)} false alarms in {found.clean_nights} clean nights "
          f"of {len(SOURCES)} sources (seed {given.seed})")  # fmt: skip
    for night, one in found.false:
        print(f"false: night {night}, {one.asset} {one.name}: {outside(one)}")
    return 0 if noticed >= LEAST_NOTICED and len(found.false) <= MOST_FALSE else 1


def _row(drift: str, found: Outcome) -> dict[str, str]:
    failed = found.noticed.get(drift, [])
    told = outside(failed[0], 1) if failed else ""
    names = ", ".join(one.name for one in failed)
    return {
        "drift": drift,
        "source": DRIFTS[drift][0],
        "noticed by": names or "nothing",
        "first of what is told": told,
    }


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
