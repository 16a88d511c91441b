"""Holds our groups of k against pycanon's count: `python -m benchmarks.anonymity [--tables N] [--python FILE]`.

Invents tables of people, makes each anonymous as the marketing file is, and lets pycanon, in an environment of its own (`--python`
names one that has it), count the smallest group before and after. Exit 1 when it finds another number than we do, or fewer than k.
"""

from __future__ import annotations

import argparse
import json
import random
import subprocess
import sys
import tempfile
from pathlib import Path

import duckdb
import pandas as pd

from benchmarks.environments import environment_python, outside_variables
from pipelines.privacy.k_anonymity import ANY, generalise, smallest_group

_COLUMNS = ("sex", "age", "town")
_ENGINE = """
import json, sys
import pandas as pd
from pycanon import anonymity
columns = json.loads(sys.argv[1])
print(json.dumps([anonymity.k_anonymity(pd.read_csv(name, dtype=str), columns) for name in sys.argv[2:]]))
"""
_LADDER = (
    {"town": f"CASE WHEN town = '{ANY}' THEN town ELSE left(town, 1) END"},
    {"age": f"CASE WHEN age = '{ANY}' OR age LIKE '%s' THEN age ELSE left(age, 1) || '0s' END"},
    {"town": f"'{ANY}'"},
    {"age": f"'{ANY}'"},
    {"sex": f"'{ANY}'"},
)


def main(words: list[str]) -> int:
    """Print a line per table."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.anonymity", description=__doc__)
    parser.add_argument("--tables", type=int, default=10)
    parser.add_argument("--python", type=Path)
    asked = parser.parse_args(words)
    with tempfile.TemporaryDirectory(prefix="ucv-anonymity-") as name:
        made = [_table(Path(name), seed) for seed in range(asked.tables)]
        files = [file for one in made for file in one["files"]]
        python = asked.python or environment_python("pycanon", ("pycanon",))
        if python is None:
            return 1
        command = [str(python), "-c", _ENGINE, json.dumps(_COLUMNS), *map(str, files)]
        ended = subprocess.run(command, capture_output=True, text=True, check=True, env=outside_variables())
        told = json.loads(ended.stdout)
    for number, one in enumerate(made):
        one |= {"pycanon before": told[2 * number], "pycanon after": told[2 * number + 1]}
        del one["files"]
    print(pd.DataFrame(made).to_markdown(index=False))
    good = [
        one["before"] == one["pycanon before"] and one["after"] == one["pycanon after"] >= one["k"]
        for one in made
    ]
    print(f"{sum(good)} of {len(good)} tables agree and keep their k")
    return 0 if all(good) else 1


def _table(folder: Path, seed: int) -> dict[str, object]:
    """One invented table, before and after, as files, with our count of its smallest group."""
    dice = random.Random(seed)
    rows, k = dice.randint(50, 4_000), dice.randint(2, 12)
    towns = [a + b for a in "abcdefg" for b in "uvwxyz"]
    people = [
        (
            dice.choice("fm"),
            str(min(99, max(10, int(dice.gauss(45, 18))))),
            dice.choices(towns, range(1, len(towns) + 1))[0],
        )
        for _ in range(rows)
    ]
    conn = duckdb.connect()
    conn.execute("CREATE TABLE people (sex VARCHAR, age VARCHAR, town VARCHAR)")
    conn.register("invented", pd.DataFrame(people, columns=[*_COLUMNS]))
    conn.execute("INSERT INTO people FROM invented")
    files, smallest = [], []
    for name in ("before", "after"):
        if name == "after":
            generalise(conn, "people", _COLUMNS, _LADDER, k)
        path = folder / f"{seed}-{name}.csv"
        conn.execute(f"COPY (SELECT sex, age, town FROM people) TO '{path}' (HEADER)")
        files.append(path)
        smallest.append(smallest_group(conn, "people", _COLUMNS))
    return {"table": seed, "rows": rows, "k": k, "before": smallest[0], "after": smallest[1], "files": files}


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
