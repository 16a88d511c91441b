"""A demo's home in a folder of its own, made by the command in a process of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path


def demo_home(folder: Path, people: int) -> Path:
    """Run `ucv demo` in `folder`, keys beside it; the home. From then on this process reads the keys there as well."""
    os.environ["XDG_CONFIG_HOME"] = str(folder / "config")
    words = ["demo", "--people", str(people), "--home", str(folder / "home")]
    subprocess.run([sys.executable, "-m", "pipelines.cli", *words], check=True, stdout=subprocess.DEVNULL)
    return folder / "home"
