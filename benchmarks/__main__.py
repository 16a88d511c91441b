"""Accuracy and time of the nightly job on public data with known truth: `python -m benchmarks DATASET_FILE …`.

Each file needs a contract of the same stem below benchmarks/contracts; truth is its column `cluster`.
"""

from __future__ import annotations

import json
import resource
import shutil
import sys
import tempfile
import time
from pathlib import Path

import pandas as pd
from rich.console import Console

from pipelines.command.run import run_nightly
from pipelines.demo.evaluate import evaluate, format_evaluation
from pipelines.publishing.query import run_query
from pipelines.storage.home import create_home
from pipelines.storage.keys import load_keys

CONTRACTS = Path(__file__).parent / "contracts"


def main(files: list[str]) -> None:
    """Run each file in a home of its own and print its scores."""
    for name in files:
        measure(Path(name))


def measure(file: Path) -> None:
    """One data set: rows, scores, wall time, peak memory of this process and its children."""
    contract = next(path for path in CONTRACTS.glob("*.yml") if file.stem.startswith(path.stem))
    home = Path(tempfile.mkdtemp(prefix="ucv-bench-")) / "home"
    settings = create_home(home)
    shutil.copy(contract, home / "contracts")
    (home / "landing" / contract.stem).mkdir()
    shutil.copy(file, home / "landing" / contract.stem)
    started = time.monotonic()
    run_nightly(settings, Console())
    seconds = time.monotonic() - started
    keys = load_keys(settings)
    result = run_query(
        settings, keys, "select source_system, source_record_id, customer_id from customer_xref"
    )
    xref = pd.DataFrame(list(result.rows), columns=list(result.columns))
    print(
        f"{contract.stem}: {len(xref):,} records, {xref['customer_id'].nunique():,} customers, {seconds:.0f} s"
    )
    for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN):
        print(f"  peak memory {resource.getrusage(who).ru_maxrss / 1e6:.2f} GB")
    print(f"  largest customer {xref.groupby('customer_id').size().max()}")
    for manifest in (home / "raw").rglob("*.json"):
        told = json.loads(manifest.read_text(encoding="utf-8"))
        print(
            "  "
            + ", ".join(
                f"{name} {told[name]:,}" for name in ("rows_in", "accepted", "quarantined", "duplicate")
            )
        )
    truth = read_truth(file)
    if truth is not None:
        truth["source_system"] = contract.stem
        print(format_evaluation(evaluate(xref, truth)))


def read_truth(file: Path) -> pd.DataFrame | None:
    """Record and true person of a data set, in the shape that `evaluate` takes; None when the file has no truth."""
    frame = (
        pd.read_parquet(file)
        if file.suffix == ".parquet"
        else pd.read_csv(file, dtype=str, sep=None, engine="python")
    )
    if "cluster" not in frame:
        return None
    ids = frame["unique_id"].astype(str)
    return pd.DataFrame(
        {
            "source_record_id": ids,
            "person_id": frame["cluster"].astype(str),
            "entity_type": "person",
            "part": "international",
            "evidence": "person",
            "group": "international",
            "trouble": "",
        }
    )


if __name__ == "__main__":
    main(sys.argv[1:])
