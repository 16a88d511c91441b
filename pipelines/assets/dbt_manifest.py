"""The dbt manifest that the asset graph is made from: parsed again when a file of the project changed."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from filelock import FileLock

from pipelines.errors import SettingsError
from pipelines.settings import DBT_PROJECT_DIR

DBT_EXECUTABLE = str(Path(sys.executable).parent / "dbt")  # the one beside this Python, activated or not
TARGET_DIR = DBT_PROJECT_DIR / "target"
_PARTS = ("models", "seeds", "macros", "tests", "dbt_project.yml", "profiles.yml")


def ensure_manifest() -> Path:
    """The path of an up-to-date manifest.json; runs `dbt parse` when it is missing or older than the project.

    Raises SettingsError with dbt's own words when the project does not parse.
    """
    manifest = TARGET_DIR / "manifest.json"
    TARGET_DIR.mkdir(parents=True, exist_ok=True)
    with FileLock(TARGET_DIR / ".parse.lock"):
        if not manifest.exists() or manifest.stat().st_mtime < _last_change():
            _parse()
    return manifest


def _last_change() -> float:
    newest = 0.0
    for part in _PARTS:
        root = DBT_PROJECT_DIR / part
        # A folder's own time tells of removed files.
        for path in [root, *root.rglob("*")]:
            newest = max(newest, path.stat().st_mtime)
    return newest


def _parse() -> None:
    command = [
        DBT_EXECUTABLE,
        "parse",
        "--quiet",
        "--target-path",
        str(TARGET_DIR),
        "--log-path",
        str(TARGET_DIR),
    ]
    environment = {**os.environ, "DBT_SEND_ANONYMOUS_USAGE_STATS": "false"}
    ended = subprocess.run(  # noqa: S603 - fixed command
        command, cwd=DBT_PROJECT_DIR, env=environment, capture_output=True, text=True, check=False
    )
    if ended.returncode:
        raise SettingsError(
            f"The dbt project does not parse; mend it and try again.\n{ended.stdout}{ended.stderr}"
        )
    (TARGET_DIR / "manifest.json").touch()
