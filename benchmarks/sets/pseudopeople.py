"""pseudopeople's simulated town: a noised census of 2020 beside that year's wage slips and a nutrition programme.

The wheel holds the clean simulation and code adds the noise, so the package is installed into an environment of its own, once:
`python -m benchmarks.sets.pseudopeople` writes FILE into the cache. Noise is the package's default, seed 1. Beside the
names, dates and addresses of persons there are households and group quarters, children of the same name, several jobs of one person and
copies of a spouse's social security number. All live in one town with one postcode.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pandas as pd

from benchmarks.identity.peers import Peer
from benchmarks.sets.cache import CACHE

PSEUDOPEOPLE = Peer("pseudopeople", "", ("pseudopeople==1.3.1",))
FILE = "pseudopeople-2020.parquet"
KEY = "unique_id"
SOURCES = {
    "pseudopeople_census": "decennial_census",
    "pseudopeople_w2": "taxes_w2_and_1099",
    "pseudopeople_wic": "women_infants_and_children",
}
_GENERATE = """
import sys, pandas as pd, pseudopeople
tables = []
for name in sys.argv[2:]:
    made = getattr(pseudopeople, "generate_" + name)(seed=1, year=2020)
    tables.append(made.astype("string").assign(dataset=name))
pd.concat(tables, ignore_index=True).to_parquet(sys.argv[1], index=False)
"""
_ADDRESS = "mailing_address_"
_HIDDEN = ["simulant_id", "household_id", "dataset", "employer_id"]


def generate(target: Path) -> bool:
    """One table of text of all sources, column `dataset` says which; False, after telling why, where it cannot be made."""
    python = PSEUDOPEOPLE.python()
    if python is None:
        return False
    target.parent.mkdir(parents=True, exist_ok=True)
    half = target.with_suffix(".half")
    subprocess.run([str(python), "-c", _GENERATE, str(half), *SOURCES.values()], check=True)
    half.replace(target)
    return True


def _sources(file: Path) -> dict[str, pd.DataFrame]:
    """The rows of each source, shuffled with a seed and numbered: their order would tell who lives with whom."""
    everything = pd.read_parquet(file)
    found = {}
    for source, dataset in SOURCES.items():
        rows = everything[everything["dataset"] == dataset].dropna(axis=1, how="all")
        rows = rows.sample(frac=1, random_state=1).reset_index(drop=True)
        rows.insert(0, KEY, [f"{source.removeprefix('pseudopeople_')}-{number}" for number in rows.index])
        found[source] = rows
    return found


def people_tables(file: Path) -> dict[str, pd.DataFrame]:
    """What each source delivers: text; the address of a wage slip goes by the names that the census has for it."""
    return {
        source: rows.drop(columns=_HIDDEN, errors="ignore").rename(
            columns=lambda name: name.removeprefix(_ADDRESS)
        )
        for source, rows in _sources(file).items()
    }


def people_truth(file: Path) -> pd.DataFrame:
    """One row per record: source_system, source_record_id, person_id and household_id.

    household_id is null outside of the census and in group quarters, told by most of their members' housing type: to
    live in one barrack is no household.
    """
    parts = []
    for source, rows in _sources(file).items():
        household = pd.Series(pd.NA, index=rows.index, dtype="string")
        if "housing_type" in rows:
            private = rows["housing_type"].eq("Household").fillna(False).astype(bool)
            mostly = private.groupby(rows["household_id"]).transform("mean") >= 0.5
            household = rows["household_id"].where(mostly)
        parts.append(
            pd.DataFrame(
                {
                    "source_system": source,
                    "source_record_id": rows[KEY],
                    "person_id": rows["simulant_id"],
                    "household_id": household,
                }
            )
        )
    return pd.concat(parts, ignore_index=True)


if __name__ == "__main__":
    sys.exit(0 if generate(CACHE / FILE) else 1)
