"""Whether a home lags behind what was erased from it: a restored or copied one does not know of later erasures.

Tombstones lie in the home and, a second time, beside its key file. A home that lacks one of the latter holds people who were
erased; nothing is read of it before they have left.
"""

from __future__ import annotations

from pathlib import Path

from pipelines.settings import Settings


def tombstones_path(home: Path) -> Path:
    """The home's own copy."""
    return home / "state" / "erasures" / "tombstones.jsonl"


def copy_beside_key(settings: Settings) -> Path:
    """The copy outside the home."""
    return settings.key_path.with_suffix(".tombstones.jsonl")


def is_behind(settings: Settings) -> bool:
    """Whether a tombstone beside the key is not in the home."""
    outside = copy_beside_key(settings)
    return outside.exists() and not {*whole_lines(outside)} <= {*whole_lines(tombstones_path(settings.home))}


def whole_lines(path: Path) -> list[bytes]:
    """The lines of a file that is only ever added to, without half a one that a kill left at its end; none without the file."""
    content = path.read_bytes() if path.exists() else b""
    return content[: content.rfind(b"\n") + 1].splitlines()
