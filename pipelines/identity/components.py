"""Components: profiles that links at or above the floor join, directly or through others. Clusters never cross them."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.sparse import coo_matrix  # type: ignore[import-untyped, unused-ignore]
from scipy.sparse.csgraph import (  # type: ignore[import-untyped, unused-ignore]
    connected_components as label_components,
)

Ints = NDArray[np.int64]


def connected_components(
    profiles: pd.DataFrame,
    links: pd.DataFrame,
    settings: pd.DataFrame,
    must_link: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Component of every profile; a component over the cap is split by raising the floor one bit at a time.

    `profiles`: profile_no. `links`: profile_a, profile_b, match_weight (bits). `must_link`: profile_a, profile_b of
    steward verdicts, which no floor cuts. Returns profile_no, component_no (the
    smallest profile_no of the component) and floor_bits (the floor that held it together), in order of profile_no.
    """
    chosen = dict(zip(settings["setting"], settings["value"].astype(float), strict=True))
    numbers = np.sort(profiles["profile_no"].to_numpy(np.int64))
    a = np.searchsorted(numbers, links["profile_a"].to_numpy(np.int64))
    b = np.searchsorted(numbers, links["profile_b"].to_numpy(np.int64))
    weight = links["match_weight"].to_numpy(np.float64)
    highest = weight.max(initial=0.0)
    if must_link is not None and len(must_link):
        a = np.concatenate([a, np.searchsorted(numbers, must_link["profile_a"].to_numpy(np.int64))])
        b = np.concatenate([b, np.searchsorted(numbers, must_link["profile_b"].to_numpy(np.int64))])
        weight = np.concatenate([weight, np.full(len(must_link), np.inf)])
    floor = chosen["link_floor"]
    floors = np.full(len(numbers), floor)
    kept = weight >= floor
    while True:
        labels = _labels(len(numbers), a[kept], b[kept])
        oversized = np.bincount(labels, minlength=len(numbers))[labels] > chosen["component_cap"]
        if not oversized.any() or floor > highest:
            break
        floor += 1
        floors[oversized] = floor
        kept &= ~oversized[a] | (weight >= floor)
    smallest = np.full(len(numbers), np.iinfo(np.int64).max)
    np.minimum.at(smallest, labels, numbers)
    return pd.DataFrame({"profile_no": numbers, "component_no": smallest[labels], "floor_bits": floors})


def _labels(size: int, a: Ints, b: Ints) -> Ints:
    graph = coo_matrix((np.ones(len(a), dtype=np.int8), (a, b)), shape=(size, size))
    return np.asarray(label_components(graph, directed=False)[1], dtype=np.int64)
