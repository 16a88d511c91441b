"""Accuracy, time and memory of the nightly job on public data: `python -m benchmarks [--data DIR] [NAME …]`.

Each data set gets a home of its own and a contract from benchmarks/contracts, and goes through the real `ucv run`.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import sys
import tempfile
from datetime import date
from pathlib import Path

from benchmarks.datasets import DATASETS, SHARED, Dataset
from benchmarks.report import Row, format_rows, read_row
from benchmarks.watch import watch
from pipelines.settings import Settings
from pipelines.storage.home import create_home

AS_OF = date(2026, 11, 1)


def main(words: list[str]) -> int:
    """Print the table; exit 1 when a data set is missing or a run failed, so that no gap looks like a result."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument(
        "names", nargs="*", metavar="NAME", help="data sets; default all but the generated ones"
    )
    parser.add_argument(
        "--data", type=Path, default=SHARED, help=f"folder of the data sets (default {SHARED})"
    )
    parser.add_argument("--keep", type=Path, help="keep the homes below this folder")
    given = parser.parse_args(words)
    unknown = set(given.names) - {dataset.id for dataset in DATASETS}
    if unknown:
        parser.error(f"{sorted(unknown)} unknown; expected of {[dataset.id for dataset in DATASETS]}")
    rows, bad = [], 0
    for dataset in DATASETS:
        if dataset.id not in given.names if given.names else dataset.make is not None:
            continue
        file = dataset.find(given.data)
        if file is None:
            print(
                f"{dataset.id}: {dataset.file} is not in {given.data}: it {dataset.missing}.", file=sys.stderr
            )
        row = None if file is None else measure(dataset, file, given.keep)
        bad += row is None
        rows += [row] if row else []
    if rows:
        print(format_rows(rows))
    return 1 if bad else 0


def measure(dataset: Dataset, file: Path, keep: Path | None) -> Row | None:
    """One data set through `ucv run` in a fresh home; None, after telling why, when nothing was published."""
    root = Path(tempfile.mkdtemp(prefix=f"ucv-bench-{dataset.id}-", dir=keep))
    # Keys of throw-away homes stay beside them and out of the user's own configuration.
    os.environ["XDG_CONFIG_HOME"] = str(root / "config")
    try:
        settings = _prepare(root / "home", dataset, file)
        command = [sys.executable, "-m", "pipelines.cli", "run", "--as-of", AS_OF.isoformat()]
        ended = watch([*command, "--home", str(settings.home)], dict(os.environ), root / "run.log")
        if ended.code:
            print(f"{dataset.id}: ucv run ended with {ended.code}\n{ended.output[-3000:]}", file=sys.stderr)
        if not (settings.home / "warehouse" / "versions" / "current").exists():
            return None
        row = read_row(dataset, file, settings, ended)
        print(json.dumps(row.__dict__), flush=True)
        return row
    finally:
        if keep is None:
            shutil.rmtree(root, ignore_errors=True)


def _prepare(home: Path, dataset: Dataset, file: Path) -> Settings:
    settings = create_home(home)
    for contract in dataset.contracts():
        shutil.copy(contract, home / "contracts")
    dataset.deliver(file, home / "landing")
    return settings


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
