"""Deliveries of which the last rows wait for a later night."""

from __future__ import annotations

from pathlib import Path

HELD_BACK = 100
"""One row of so many comes with the later night."""

Late = list[tuple[Path, bytes]]
"""Where each held back file belongs, and its bytes."""


def hold_back(landing: Path) -> Late:
    """Take the last rows off every plain file below `landing`; what was taken, to be delivered with `deliver`.

    Left whole are packed files, those of two bytes a sign, and those with lines inside values.
    """
    late: Late = []
    for path in sorted(landing.rglob("*.*")):
        head = {".csv": 1, ".jsonl": 0}.get(path.suffix)
        if head is None:
            continue
        lines = path.read_bytes().splitlines(keepends=True)
        if any(b"\0" in line or (head and b'"' in line) for line in lines):
            continue
        count = -(-len(lines) // HELD_BACK)
        path.write_bytes(b"".join(lines[:-count]))
        rest = b"".join([*lines[:head], *lines[-count:]])
        late.append((path.with_name(f"{path.stem}_late{path.suffix}"), rest))
    return late


def deliver(late: Late) -> None:
    """Put what was held back into landing."""
    for path, content in late:
        path.write_bytes(content)
