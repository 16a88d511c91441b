"""The checks of the last build that are red, from the verdicts that its gates left."""

from __future__ import annotations

import json
from pathlib import Path

from pipelines.publishing.layout import builds_dir


def red_checks(home: Path) -> list[str]:
    """Names such as `golden: mixed_customers` of the failed rules of severity fail in the newest build that was judged."""
    folders = [path for path in builds_dir(home).glob("*/verdicts") if path.is_dir()]
    newest = max(folders, key=lambda path: path.stat().st_mtime, default=None)
    if newest is None:
        return []
    verdicts = [json.loads(path.read_text(encoding="utf-8")) for path in sorted(newest.glob("*.json"))]
    return [
        f"{verdict['layer']}: {result['name']}"
        for verdict in verdicts
        for result in verdict["results"]
        if not result["passed"] and result["severity"] == "fail"
    ]
