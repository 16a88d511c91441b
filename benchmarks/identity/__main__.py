"""Identity side by side, one command: `python -m benchmarks.identity [--data DIR] [NAME …]`, `… --records 1000000`.

Without `--records`: accuracy on the public data sets, our default configuration against the peers. With it: speed on that many
generated records, rules tight and wide, `--repeat` times each, medians. `--reasons 10` tells why ours
erred: the largest classes of false and of missed pairs, with levels and bits of samples.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from pathlib import Path

from benchmarks.datasets import DATASETS, SHARED
from benchmarks.identity.accuracy import measure_accuracy, tell_reasons
from benchmarks.identity.scores import format_results
from benchmarks.identity.speed import measure_speed


def main(words: list[str]) -> int:
    """Print a table; exit 1 when a data set is missing or an engine failed, so that no gap looks like a result."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.identity", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help="data sets; default all with a known truth")
    parser.add_argument(
        "--data", type=Path, default=SHARED, help=f"folder of the data sets (default {SHARED})"
    )
    parser.add_argument("--records", type=int, help="measure speed on so many generated records instead")
    parser.add_argument("--repeat", type=int, default=3, help="repetitions of each measurement of speed")
    parser.add_argument(
        "--reasons", type=int, metavar="N", help="tell the N largest classes of our errors instead"
    )
    parser.add_argument("--ours-only", action="store_true", help="leave the peers out")
    given = parser.parse_args(words)
    known = [dataset for dataset in DATASETS if dataset.truth is not None]
    unknown = set(given.names) - {dataset.id for dataset in known}
    if unknown:
        parser.error(f"{sorted(unknown)} unknown; expected of {[dataset.id for dataset in known]}")
    with tempfile.TemporaryDirectory(prefix="ucv-identity-") as folder:
        # Keys of throw-away homes stay beside them and out of the user's own configuration.
        os.environ["XDG_CONFIG_HOME"] = str(Path(folder) / "config")
        if given.records:
            table, failed = measure_speed(
                given.records, given.repeat, Path(folder), peers=not given.ours_only
            )
            print(table)
            return failed
        chosen = [dataset for dataset in known if not given.names or dataset.id in given.names]
        if given.reasons:
            return tell_reasons(chosen, given.data, Path(folder), given.reasons)
        results, failed = measure_accuracy(chosen, given.data, Path(folder), peers=not given.ours_only)
    print(format_results(results))
    return failed


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
