"""The generated sets by name: each is made anew from a seed."""

from __future__ import annotations

from collections.abc import Callable

from benchmarks.identity.generated.chinese import chinese
from benchmarks.identity.generated.delivered import Delivered
from benchmarks.identity.generated.families import families
from benchmarks.identity.generated.households import households
from benchmarks.identity.generated.mixed import mixed
from benchmarks.identity.generated.organisations import organisations

SETS: dict[str, Callable[[int], Delivered]] = {
    "organisations": organisations,
    "households": households,
    "families": families,
    "mixed": mixed,
    "chinese": chinese,
}
