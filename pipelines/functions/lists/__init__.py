"""Word lists of the fields, one file each: words parted by blanks or line ends."""

from __future__ import annotations

from functools import cache
from importlib.resources import files


@cache
def words(name: str) -> frozenset[str]:
    """The words of a list."""
    return frozenset(files(__name__).joinpath(f"{name}.txt").read_text(encoding="utf-8").split())
