"""The sets that benchmarks/identity/generated makes from a seed, written once below the cache and read from there."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from benchmarks.identity.generated.sets import SETS

KEY = "record_id"
_TRUTH = "truth"


def make(kind: str, seed: int, file: Path) -> None:
    """Write the tables of the set `kind` beside `file`, its truth; what an earlier code wrote is written over."""
    SETS[kind](seed).write(file.parent)


def truth(file: Path) -> pd.DataFrame:
    """One row per record: source_system, source_record_id, person_id."""
    return pd.read_csv(file, dtype=str)


def tables(file: Path) -> dict[str, pd.DataFrame]:
    """What each source delivers, as text."""
    found = {path.stem: path for path in sorted(file.parent.glob("*.csv")) if path.stem != _TRUTH}
    return {
        name: pd.read_csv(path, dtype=str, keep_default_na=False, na_values=[""])
        for name, path in found.items()
    }
