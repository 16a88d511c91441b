"""The peers of overlaps, asked by JSON in an environment of their own: neither lives beside what constraints.txt pins."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

from benchmarks.environments import environment_python, outside_variables

ENGINE = Path(__file__).parent / "engines" / "partners_engine.py"
PACKAGES = ("openmined-psi", "clkhash", "anonlink")


def ask_peer(mode: str, asked: dict[str, Any]) -> dict[str, Any] | None:
    """What the peer answers; None, after telling why, where it cannot be installed or fails."""
    python = environment_python("partners", PACKAGES)
    if python is None:
        return None
    ended = subprocess.run(
        [str(python), str(ENGINE)], input=json.dumps({"mode": mode, **asked}), capture_output=True, text=True,
        check=False, env=outside_variables(),
    )  # fmt: skip
    if ended.returncode:
        print(f"the peer failed: {ended.stderr[-500:]}")
        return None
    told: dict[str, Any] = json.loads(ended.stdout)
    return told
