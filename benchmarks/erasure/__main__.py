"""Times erasures in a demo: `python -m benchmarks.erasure [--people N] [--many M] [--times T] [--home DIR]`.

Invents and builds a demo (or takes the one at `--home`, which stays as it is), then erases one customer, T times in fresh copies,
and M customers at once, once. Prints medians in seconds, peak memory, and how much went from where. Asserts nothing.
"""

from __future__ import annotations

import argparse
import resource
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from benchmarks.demo_home import demo_home
from pipelines.command.erase import erase
from pipelines.privacy.receipts import Receipt
from pipelines.publishing.query import open_reader
from pipelines.settings import load_settings
from pipelines.storage.erased_since import copy_beside_key
from pipelines.storage.keys import load_keys


def main(words: list[str]) -> int:
    """Print the figures."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.erasure", description=__doc__)
    parser.add_argument("--people", type=int, default=20_000)
    parser.add_argument("--many", type=int, default=1_000)
    parser.add_argument("--times", type=int, default=3)
    parser.add_argument("--home", type=Path)
    asked = parser.parse_args(words)
    with tempfile.TemporaryDirectory(prefix="ucv-erasure-") as name:
        folder = Path(name)
        home = asked.home or demo_home(folder, asked.people)
        customers = _customers(home, asked.many + asked.times)
        _tell(home)
        ones = [_erased(home, folder, [customer]) for customer in customers[: asked.times]]
        middle = sorted(ones, key=lambda one: one[0])[len(ones) // 2]
        _print("one person, median", statistics.median(seconds for seconds, _ in ones), middle[1])
        seconds, receipt = _erased(home, folder, customers[asked.times :])
        _print(f"{asked.many:,} people at once", seconds, receipt)
    print(f"peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6:.2f} GB")
    return 0


def _customers(home: Path, count: int) -> list[str]:
    settings = load_settings(home)
    with open_reader(settings, load_keys(settings)) as conn:
        rows = conn.execute(
            "SELECT customer_id FROM customers WHERE entity_type = 'person' ORDER BY md5(customer_id) LIMIT ?",
            [count],
        ).fetchall()
    return [str(row[0]) for row in rows]


def _tell(home: Path) -> None:
    settings = load_settings(home)
    with open_reader(settings, load_keys(settings)) as conn:
        row = conn.execute("SELECT count(*), count(DISTINCT customer_id) FROM customer_xref").fetchone() or (
            0,
            0,
        )
    print(f"{row[0]:,} records of {row[1]:,} customers")


def _erased(home: Path, folder: Path, targets: Sequence[str]) -> tuple[float, Receipt]:
    """Seconds and receipt of one erasure in a copy of the home, with a copy of its key."""
    copy, key = folder / "copy", folder / "key" / "key.json"
    for path in (copy, key.parent):
        shutil.rmtree(path, ignore_errors=True)
    shutil.copytree(home, copy, symlinks=True)
    key.parent.mkdir()
    shutil.copy(
        load_settings(home).key_path, key
    )  # with its mode: a key file that others can read is refused
    settings = load_settings(copy).model_copy(update={"key_file": key})
    assert not copy_beside_key(settings).exists()
    began = time.perf_counter()
    (receipt,) = erase(settings, load_keys(settings), targets, by="benchmark", reason="figures")
    seconds = time.perf_counter() - began
    shutil.rmtree(copy)
    return seconds, receipt


def _print(what: str, seconds: float, receipt: Receipt) -> None:
    went = ", ".join(f"{sum(found.values()):,} {place}" for place, found in receipt.places.items() if found)
    print(f"{what}: {seconds:.1f} s; went: {went}")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
