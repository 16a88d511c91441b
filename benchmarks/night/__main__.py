"""The fixed cost of a night, in processor seconds of its whole process tree: `python -m benchmarks.night [--before CHECKOUT]`.

With --before another checkout of this project does the same work in the same run, turn by turn, with the packages of this
environment (set PYTHONPATH for one that it needs beside them); the last column is how many times less ours takes.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from pathlib import Path

from benchmarks.night.stages import format_stages, run_in_stages
from benchmarks.night.works import Cost, Works, format_costs
from pipelines.settings import PROJECT_ROOT

MOST = {  # what the issue of November 2026 asks for; seconds
    "first night": 45.0, "later night, 1 % new": 25.0, "demo of 2,000 (wall)": 45.0, "night without news": 5.0,
    "ucv status": 0.8, "ucv query": 0.8, "dbt build -s one_model": 6.0,
}  # fmt: skip


def main(words: list[str]) -> int:
    """Print the table of works and the stages of a first night; exit 1 when one of them failed."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.night", description=__doc__)
    parser.add_argument("--before", type=Path, help="another checkout, measured beside ours")
    parser.add_argument("--people", type=int, default=300, help="invented people of the small home (300)")
    parser.add_argument("--no-demo", action="store_true", help="leave the demo of 2,000 people out")
    given = parser.parse_args(words)
    checkouts = [PROJECT_ROOT, *([given.before.resolve()] if given.before else [])]
    with tempfile.TemporaryDirectory(prefix="ucv-night-") as folder:
        os.environ["XDG_CONFIG_HOME"] = str(Path(folder) / "config")
        costs: dict[Path, dict[str, Cost]] = {checkout: {} for checkout in checkouts}
        works = [Works(checkout, Path(folder) / str(place)) for place, checkout in enumerate(checkouts)]
        for work in works:
            work.prepare(given.people)
        for name in MOST:
            for work in works:
                if not (given.no_demo and name.startswith("demo")):
                    costs[work.checkout][name] = work.measure(name)
        print(format_costs(MOST, [costs[checkout] for checkout in checkouts]))
        print(format_stages(run_in_stages(Path(folder) / "stages", given.people)))
    return 1 if any(cost.code for found in costs.values() for cost in found.values()) else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
