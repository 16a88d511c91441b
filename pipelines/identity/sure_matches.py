"""m of fields that people change or share, counted where all other fields alone say match.

Maximisation knows levels, not how rare a name is: two people of one common name are half a match to it, and they have two
telephones and two homes. So it finds that matches differ in these far more often than they do. A pair that is sure
without the field has no such doubt, and tells how often the field differs (leave-one-out; what Winkler 1988 takes
from clerical review).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

import pandas as pd

from pipelines.identity.level_counts import level_counts, smoothed
from pipelines.identity.level_order import LevelOrder
from pipelines.identity.pair_classes import Counts, Floats


def recounted(  # noqa: PLR0913, PLR0917 - what maximisation ends with
    patterns: pd.DataFrame,
    fields: Iterable[str],
    m: Counts,
    u: Counts,
    orders: dict[str, LevelOrder],
    without: Callable[[str], Floats],
    chosen: dict[str, float],
) -> Counts:
    """m of `fields` from the pairs that are sure without them; the m found before is worth a share of these pairs.

    `without`: field -> chance (0-1) of each pattern to be a match by all other fields. Pairs at `em_sure` or above count.
    """
    found: Counts = {}
    pairs = patterns["pair_count"].to_numpy(float)
    for name in fields:
        chance = without(name)
        sure = pairs * chance * (chance >= chosen["em_sure"])
        counts = level_counts(patterns, [name], m, sure)
        strength = max(chosen["em_prior_pairs"], chosen["em_sure_share"] * float(counts[name].sum()))
        found[name] = orders[name].project(smoothed(counts, m, strength)[name], u[name])
    return found
