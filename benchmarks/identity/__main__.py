"""Identity side by side, one command: `python -m benchmarks.identity [--data DIR] [NAME …]`, `… --records 1000000`.

Without `--records`: accuracy on the public data sets, our default configuration against the peers. With it: speed on that many
generated records, rules tight and wide, `--repeat` times each, medians. Below the table stands why ours erred: the ten
largest classes of false and of missed pairs (`--reasons N`), with levels and bits of samples, and what links of each weight are worth.
`--rules` adds what each blocking rule alone finds.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from pathlib import Path

from benchmarks.datasets import DATASETS, SHARED
from benchmarks.identity.accuracy import explain_ours, measure_accuracy
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
        "--reasons", type=int, default=10, metavar="N", help="tell the N largest classes of our errors"
    )
    parser.add_argument("--rules", action="store_true", help="tell what each blocking rule alone finds")
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
        measured = measure_accuracy(chosen, given.data, Path(folder), peers=not given.ours_only)
        print(format_results(measured.results))
        print(explain_ours(measured, given.reasons, rules=given.rules))
    return measured.failed


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
