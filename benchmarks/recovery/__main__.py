"""Kills many nights at seeded points and prints what was lost: `python -m benchmarks.recovery [--kills N] [--seed S]`.

Each starts from a copy of the same home, and is followed by an undisturbed run that must equal a night never killed. With
--together several befall one home before that run.
"""

from __future__ import annotations

import argparse
import atexit
import itertools
import shutil
import signal
import sys
import tempfile
import time
from collections import defaultdict
from pathlib import Path

from benchmarks.recovery.kills import try_chain
from benchmarks.recovery.points import Point, chains, make_references, points

_FAULTS = {"kill": "kill -9", "fill": "disk full"}


def main(words: list[str]) -> int:
    """Print the table of faults; exit 1 when one of them lost something."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.recovery", description=__doc__)
    parser.add_argument("--kills", type=int, default=24, help="how many processes are killed (24)")
    parser.add_argument("--full", type=int, default=3, help="how many disks are full (3)")
    parser.add_argument("--seed", type=int, default=1, help="chooses the points (1)")
    parser.add_argument(
        "--together", type=int, default=1, help="faults in a row before a run is let alone (1)"
    )
    given = parser.parse_args(words)
    tried: dict[str, list[tuple[Point, list[str]]]] = defaultdict(list)
    signal.signal(
        signal.SIGTERM, lambda *_: sys.exit(1)
    )  # the table of what was tried is printed all the same
    atexit.register(lambda: print(format_table(tried, " ".join(["python -m benchmarks.recovery", *words]))))
    with tempfile.TemporaryDirectory(prefix="ucv-recovery-") as folder:
        references = make_references(Path(folder) / "references")
        left = chains(points(references, given.kills, given.full, given.seed), given.together)
        for turn in itertools.count():
            if not left:
                break
            place, started = Path(folder) / f"chain-{turn}", time.monotonic()
            found, later = try_chain(references, left.pop(0), place)
            shutil.rmtree(place, ignore_errors=True)
            left += [later] if later else []
            for point, lost in found.items():
                tried[f"{_FAULTS[point.fault.action]} in {point.area}"].append((point, lost))
                _tell(point, lost, time.monotonic() - started)
    return 1 if any(lost for found in tried.values() for _, lost in found) else 0


def _tell(point: Point, lost: list[str], seconds: float) -> None:
    fault = point.fault
    where = f"night {point.night}, {point.area}: {fault.action} at {fault.target} call {fault.call} +{fault.delay:.2f} s"
    print(f"{where}: {'; '.join(lost) or 'nothing lost'} ({seconds:.0f} s)", file=sys.stderr, flush=True)


def format_table(tried: dict[str, list[tuple[Point, list[str]]]], command: str) -> str:
    """Markdown: a line per fault and area with how often it was tried, at how many places, and what was lost."""
    lines = [
        "| fault | times tried | different places | what was lost | command |",
        "|---|---:|---:|---|---|",
    ]
    for fault, found in tried.items():
        places = len({(point.night, point.fault.target, point.fault.call) for point, _ in found})
        lost = "; ".join(sorted({word for _, words in found for word in words})) or "nothing"
        lines.append(f"| {fault} | {len(found)} | {places} | {lost} | `{command}` |")
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
