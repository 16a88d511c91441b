"""Thirty nights in one home: `python -m benchmarks.soak [--nights 30] [--seed S] [--people N] [--keep FOLDER]`.

Random files of fifteen sources, late, repeated and broken ones, contracts edited and broken, verdicts, kills and rollbacks. At the
end a backup restored to an empty home must give the same view, customer ids included, and every row that was delivered must be
accepted, quarantined or a duplicate. Exit 1 when one of that is not so.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from datetime import date
from pathlib import Path

from benchmarks.soak.nights import Soak
from benchmarks.soak.verdict import differing_tables, unaccounted

FIRST_DAY = date(2026, 6, 1)


def soak(folder: Path, nights: int, seed: int, people: int) -> list[str]:
    """Live the nights below `folder`, print each, and return what is wrong at the end."""
    lived = Soak(folder, seed, people, FIRST_DAY)
    lived.make_home()
    print(
        f"{nights} nights, seed {seed}, {people} people\n\n| night | what happened | exit | version | s |\n|---:|---|---:|---|---:|"
    )
    for night in lived.live(nights):
        print(
            f"| {night.number} | {night.happened} | {night.code} | {night.version} | {night.seconds:.0f} |",
            flush=True,
        )
    return [*unaccounted(lived), *differing_tables(lived, lived.as_of(nights))]


def main(words: list[str]) -> int:
    """Print a table of the nights and the verdict."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.soak", description=__doc__)
    parser.add_argument("--nights", type=int, default=30)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--people", type=int, default=60, help="invented people (60)")
    parser.add_argument(
        "--keep", type=Path, help="a folder that is not there yet, to look at the home afterwards"
    )
    given = parser.parse_args(words)
    if given.keep:
        given.keep.mkdir(parents=True)
        wrong = soak(given.keep.resolve(), given.nights, given.seed, given.people)
    else:
        with tempfile.TemporaryDirectory(prefix="ucv-soak-") as folder:
            wrong = soak(Path(folder), given.nights, given.seed, given.people)
    print("\n" + ("\n".join(wrong) if wrong else "Equal when rebuilt, and every row accounted for."))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
