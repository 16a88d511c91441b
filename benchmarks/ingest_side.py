"""One side of the ingest benchmark, in a process of its own: `python -m benchmarks.ingest_side ours|theirs FOLDER`."""

from __future__ import annotations

import functools
import importlib
import os
import sys
import time
from collections import defaultdict
from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb

from benchmarks.ingest import CONTRACT, STAGES
from pipelines.contracts.load import load_contract
from pipelines.ingest.source import ingest_source
from pipelines.storage.home import create_home
from pipelines.storage.keys import load_keys


def theirs(root: Path) -> None:
    """DuckDB's CSV to Parquet, as anybody would write it. Imports are not counted, on either side."""
    conn = duckdb.connect(config={"threads": 2, "memory_limit": os.environ["UCV_MEMORY_LIMIT"]})
    begun, used = time.monotonic(), time.process_time()
    file = root / "home" / "landing" / "big" / "big.csv"
    conn.execute(f"COPY (FROM '{file}') TO '{root / 'theirs.parquet'}' (FORMAT parquet, COMPRESSION zstd)")
    print(f"theirs: processor {time.process_time() - used:.1f} s, seconds {time.monotonic() - begun:.2f}")


def ours(root: Path) -> None:
    """One source through the ingest, its stages timed from outside."""
    settings = create_home(root / "home")
    path = settings.home / "contracts" / "big.yml"
    path.write_text(CONTRACT, encoding="utf-8")
    contract, keys = load_contract(path, settings.home), load_keys(settings)
    spent: dict[str, float] = defaultdict(float)
    for module, names in STAGES.items():
        for name in names:
            _time(importlib.import_module(module), name, spent)
    begun, used = time.monotonic(), time.process_time()
    (report,) = ingest_source(contract, settings, keys, datetime(2026, 1, 2)).deliveries
    seconds = time.monotonic() - begun
    for name, value in spent.items():
        print(f"  {name:<16}{value:>8.2f} s")
    counts = (
        f"{report.accepted:,} accepted, {report.quarantined:,} quarantined, {report.duplicate:,} duplicate"
    )
    print(
        f"ours: {report.status}, {counts}, processor {time.process_time() - used:.1f} s, seconds {seconds:.2f}"
    )


def _time(module: Any, name: str, spent: dict[str, float]) -> None:
    inner = getattr(module, name, None)
    if inner is None:
        return

    @functools.wraps(inner)
    def timed(*args: Any, **named: Any) -> Any:
        begun = time.monotonic()
        try:
            return inner(*args, **named)
        finally:
            spent[name] += time.monotonic() - begun

    setattr(module, name, timed)


if __name__ == "__main__":
    {"ours": ours, "theirs": theirs}[sys.argv[1]](Path(sys.argv[2]))
