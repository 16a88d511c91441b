"""Kills many nights at seeded points and prints what was lost: `python -m benchmarks.recovery [--kills N] [--seed S]`.

Each kill starts from a copy of the same home, and is followed by an undisturbed run that must equal a night never killed.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
import time
from collections import defaultdict
from pathlib import Path

from benchmarks.recovery.kills import Point, make_references, points, try_kill

_COMMAND = "python -m benchmarks.recovery --kills {kills} --seed {seed}"


def main(words: list[str]) -> int:
    """Print the table of faults; exit 1 when one of them lost something."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.recovery", description=__doc__)
    parser.add_argument("--kills", type=int, default=24, help="how many processes are killed (24)")
    parser.add_argument("--seed", type=int, default=1, help="chooses the points (1)")
    given = parser.parse_args(words)
    tried: dict[str, list[tuple[Point, list[str]]]] = defaultdict(list)
    with tempfile.TemporaryDirectory(prefix="ucv-recovery-") as folder:
        references = make_references(Path(folder) / "references")
        for turn, point in enumerate(points(references, given.kills, given.seed)):
            started, place = time.monotonic(), Path(folder) / f"kill-{turn}"
            lost = try_kill(references, point, place)
            shutil.rmtree(place)
            tried[point.area].append((point, lost))
            told = "; ".join(lost) or "nothing lost"
            fault = point.fault
            print(
                f"{turn + 1:3d} night {point.night} {fault.target} call {fault.call} +{fault.delay:.2f} s: {told} "
                f"({time.monotonic() - started:.0f} s)",
                file=sys.stderr, flush=True,
            )  # fmt: skip
    print(format_table(tried, _COMMAND.format(kills=given.kills, seed=given.seed)))
    return 1 if any(lost for found in tried.values() for _, lost in found) else 0


def format_table(tried: dict[str, list[tuple[Point, list[str]]]], command: str) -> str:
    """Markdown: a line per area with how often it was killed, where, and what was lost."""
    lines = [
        "| fault | times tried | different places | what was lost | command |",
        "|---|---:|---:|---|---|",
    ]
    for area, found in tried.items():
        places = len({(point.night, point.fault.target, point.fault.call) for point, _ in found})
        lost = sorted({word for _, words in found for word in words})
        lines.append(
            f"| kill -9 in {area} | {len(found)} | {places} | {'; '.join(lost) or 'nothing'} | `{command}` |"
        )
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
