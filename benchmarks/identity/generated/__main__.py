"""Write one generated set: `python -m benchmarks.identity.generated NAME --out DIR [--seed N]`.

DIR gets `<source>.csv` for each source and `truth.csv` (source_system, source_record_id, person_id).
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from benchmarks.identity.generated.sets import SETS


def main(words: list[str]) -> int:
    """Write the set and print its counts; wrong arguments exit with 2."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.identity.generated", description=__doc__)
    parser.add_argument("name", choices=sorted(SETS), metavar="NAME", help=", ".join(sorted(SETS)))
    parser.add_argument("--out", type=Path, required=True, help="folder to write to; it is made")
    parser.add_argument("--seed", type=int, default=1, help="another seed, another set of the same kind")
    given = parser.parse_args(words)
    made = SETS[given.name](given.seed)
    made.write(given.out)
    sizes = ", ".join(f"{name} {len(frame)} rows" for name, frame in made.sources.items())
    print(f"{given.name}: {sizes}; {made.truth['person_id'].nunique()} entities in {given.out}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
