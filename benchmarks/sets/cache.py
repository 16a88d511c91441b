"""Where packages' files and the peers' environments lie."""

from __future__ import annotations

from pathlib import Path

CACHE = Path(__file__).resolve().parent.parent / ".cache"
