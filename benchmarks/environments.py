"""Environments of peers and oracles, below the cache: the project's pins never meet theirs."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from benchmarks.sets.cache import CACHE


def environment_python(name: str, packages: Sequence[str]) -> Path | None:
    """The interpreter of environment `name`, made at first use; None, after telling why, where a package cannot be installed."""
    folder = CACHE / "environments" / name
    python, ready = folder / "bin" / "python", folder / ".installed"
    if not ready.exists():
        subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True)
        command = [str(python), "-m", "pip", "install", "--quiet", *packages]
        made = subprocess.run(command, capture_output=True, text=True, check=False)
        if made.returncode:
            print(f"{name} cannot be installed here and is left out:\n{made.stderr[-500:]}", file=sys.stderr)
            return None
        ready.touch()
    return python


def outside_variables() -> dict[str, str]:
    """Variables for a process of such an environment: our checkout must not lie on its path."""
    return {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
