"""What the tests of keeping, restoring and upgrading a home share."""

from __future__ import annotations

import csv
import json
import tarfile
from datetime import date
from pathlib import Path

OLD_HOME = Path(__file__).with_name("data") / "home_of_2026_11_24.tar.xz"
"""A demo of 30 invented people as commit 88824c8 left it after one night as of 2026-11-22, with its key file.

Of the published version only two tables were kept, copied into a file of smaller blocks; landing, builds, docs and Dagster's
history were left out. `customer_ids.csv` lists what its readers saw.
"""
OLD_DAY = date(2026, 11, 22)


def unpack_old_home(folder: Path) -> Path:
    """The old home below `folder`, its key in place for XDG_CONFIG_HOME=`folder`/config; returns the home."""
    with tarfile.open(OLD_HOME) as archive:
        archive.extractall(folder, filter="data")
    key = folder / "key.json"
    place = folder / "config" / "ucv" / f"{json.loads(key.read_text())['home_id']}.json"
    place.parent.mkdir(parents=True)
    key.rename(place)
    place.chmod(0o600)
    return folder / "home"


def old_ids(folder: Path) -> list[tuple[str, ...]]:
    """(source_system, source_record_id, customer_id) as the old home's readers saw them, in order."""
    with (folder / "customer_ids.csv").open(encoding="utf-8", newline="") as file:
        return [tuple(row) for row in csv.reader(file)][1:]
