"""What a night costs: `python -m benchmarks.night [--before CHECKOUT] [--no-demo]`, or whole nights with `--people N`.

Without --people the fixed cost of a night in a home of 300 people, in processor seconds of its whole process tree. With
--before another checkout of this project does the same work in the same run, turn by turn, with the packages of this
environment (set PYTHONPATH for one that it needs beside them); the last column is how many times less ours takes.

With --people a demo of that many people lives four nights: the first, one with nothing new on the same day, one on the
next day, and one with 1 % new rows; a table of the stages of each. --keep FOLDER leaves the home there.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from pathlib import Path

from benchmarks.night.stages import format_stages, run_in_stages
from benchmarks.night.whole import format_night, whole_nights
from benchmarks.night.works import Cost, Works, format_costs
from pipelines.settings import PROJECT_ROOT

MOST = {  # what the issue of November 2026 asks for; seconds
    "first night": 45.0, "later night, 1 % new": 25.0, "demo of 2,000 (wall)": 45.0, "night without news": 5.0,
    "ucv status": 0.8, "ucv query": 0.8, "dbt build -s one_model": 6.0,
}  # fmt: skip
_SMALL = 300


def main(words: list[str]) -> int:
    """Print the tables; exit 1 when something failed."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.night", description=__doc__)
    parser.add_argument("--before", type=Path, help="another checkout, measured beside ours")
    parser.add_argument("--no-demo", action="store_true", help="leave the demo of 2,000 people out")
    parser.add_argument("--people", type=int, help="whole nights of a demo of so many people")
    parser.add_argument("--keep", type=Path, help="with --people: a folder that is not there yet")
    given = parser.parse_args(words)
    if given.people and given.keep:
        given.keep.mkdir(parents=True)
        return _whole(given.keep.resolve(), given.people)
    with tempfile.TemporaryDirectory(prefix="ucv-night-") as folder:
        if given.people:
            return _whole(Path(folder), given.people)
        return _fixed(Path(folder), given.before, with_demo=not given.no_demo)


def _whole(folder: Path, people: int) -> int:
    has_failed = False
    for name, told in whole_nights(folder, people):
        print(f"{format_night(f'{people:,} people, {name}', told)}\n", flush=True)
        has_failed = has_failed or bool(told["failed"])
    return int(has_failed)


def _fixed(folder: Path, before: Path | None, *, with_demo: bool) -> int:
    checkouts = [PROJECT_ROOT, *([before.resolve()] if before else [])]
    os.environ["XDG_CONFIG_HOME"] = str(folder / "config")
    costs: dict[Path, dict[str, Cost]] = {checkout: {} for checkout in checkouts}
    works = [Works(checkout, folder / str(place)) for place, checkout in enumerate(checkouts)]
    for work in works:
        work.prepare(_SMALL)
    for name in MOST:
        for work in works:
            if with_demo or not name.startswith("demo"):
                costs[work.checkout][name] = work.measure(name)
    print(format_costs(MOST, [costs[checkout] for checkout in checkouts]))
    print(format_stages(run_in_stages(folder / "stages", _SMALL)))
    return 1 if any(cost.code for found in costs.values() for cost in found.values()) else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
