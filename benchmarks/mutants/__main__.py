"""Tries every deliberate fault in a copy of the project: `python -m benchmarks.mutants [NAME ...]`.

For each one the fault is written into the copy, its tests run, and the file is put back. Prints a table; exit 1 when a
fault survives, or when a test fails without any fault.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pandas as pd

from benchmarks.mutants.desk_faults import DESK_FAULTS
from benchmarks.mutants.erasure_faults import ERASURE_FAULTS
from benchmarks.mutants.export_faults import EXPORT_FAULTS
from benchmarks.mutants.faults import FAULTS, Fault
from benchmarks.mutants.keys_faults import KEYS_FAULTS
from benchmarks.mutants.scale_faults import SCALE_FAULTS
from pipelines.settings import PROJECT_ROOT

_COPIED = (
    "pipelines",
    "dbt_project",
    "tests",
    "benchmarks",
    "data",
    "pyproject.toml",
    "workspace.yaml",
    "Makefile",
    "README.md",
)


def run_tests(root: Path, tests: tuple[str, ...]) -> bool:
    """Whether the tests pass in the copy."""
    environment = os.environ | {"PYTHONPATH": str(root), "PYTHONDONTWRITEBYTECODE": "1"}
    words = [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", *tests]
    return subprocess.run(words, cwd=root, env=environment, capture_output=True, check=False).returncode == 0


def try_fault(root: Path, fault: Fault) -> str:
    """killed, or survived."""
    path = root / fault.path
    text = path.read_text(encoding="utf-8")
    path.write_text(fault.spoiled(text), encoding="utf-8")
    try:
        return "survived" if run_tests(root, fault.tests) else "killed"
    finally:
        path.write_text(text, encoding="utf-8")


def main(words: list[str]) -> int:
    """Print what became of each fault."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.mutants", description=__doc__)
    parser.add_argument("names", nargs="*", help="faults to try (all)")
    given = parser.parse_args(words)
    chosen = [
        fault
        for fault in (*FAULTS, *EXPORT_FAULTS, *ERASURE_FAULTS, *KEYS_FAULTS, *DESK_FAULTS, *SCALE_FAULTS)
        if not given.names or fault.name in given.names
    ]
    with tempfile.TemporaryDirectory(prefix="ucv-mutants-") as folder:
        root = Path(folder) / "project"
        root.mkdir()
        for name in _COPIED:
            source = PROJECT_ROOT / name
            if source.is_dir():
                shutil.copytree(source, root / name, ignore=shutil.ignore_patterns("__pycache__", "logs"))
            elif source.exists():
                shutil.copy(source, root / name)
        tests = tuple(sorted({test for fault in chosen for test in fault.tests}))
        if not run_tests(root, tests):
            print("A test fails without any fault: nothing can be said of faults.")
            return 1
        rows = []
        for fault in chosen:
            started = time.monotonic()
            ended = try_fault(root, fault)
            rows.append({"fault": fault.name, "in": fault.path, "outcome": ended, "by": fault.tests[0].rpartition("/")[2],
                         "s": round(time.monotonic() - started)})  # fmt: skip
            print(f"{ended:<9} {fault.name}", flush=True)
    survived = [row for row in rows if row["outcome"] != "killed"]
    print(
        f"\n{pd.DataFrame(rows).to_markdown(index=False)}\n\n{len(rows) - len(survived)} of {len(rows)} faults killed"
    )
    return 1 if survived else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
