"""Steward verdicts: they always hold after clustering, survive as lines of a file, and contradictions are named."""

from __future__ import annotations

import tempfile
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.identity.clustering import cluster_components
from pipelines.identity.components import connected_components
from pipelines.identity.verdicts import (
    CANNOT_LINK,
    MUST_LINK,
    WITHDRAWN,
    VerdictError,
    active_verdicts,
    read_verdicts,
    record_verdicts,
    verdicts_path,
)

DAY = date(2026, 11, 23)
SIZE = 8
SETTINGS = pd.DataFrame(
    {
        "setting": [
            "link_floor",
            "component_cap",
            "evidence_clip",
            "cluster_floor",
            "firm_floor",
            "group_link",
            "lone_link",
            "lone_floor",
            "lone_margin",
        ],
        "value": [0.0, 4.0, 10.0, 0.5, 0.5, 4.0, 3.0, -4.0, 0.0],
    }
)
PAIRS = [(a, b) for a in range(SIZE) for b in range(a + 1, SIZE)]
pair = st.sampled_from(PAIRS)


def consistent(must: list[tuple[int, int]], cannot: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """The cannot-links between records that no chain of must-links joins."""
    group = list(range(SIZE))
    for a, b in must:
        group = [group[a] if g == group[b] else g for g in group]
    return [(a, b) for a, b in cannot if group[a] != group[b]]


@given(
    st.lists(st.floats(-10, 10), min_size=len(PAIRS), max_size=len(PAIRS)),
    st.lists(st.booleans(), min_size=len(PAIRS), max_size=len(PAIRS)),
    st.lists(pair, max_size=5, unique=True),
    st.lists(pair, max_size=5, unique=True),
)
def test_verdicts_hold_whatever_the_evidence_says(
    bits: list[float], conflict: list[bool], must: list[tuple[int, int]], cannot: list[tuple[int, int]]
) -> None:
    cannot = consistent(must, cannot)
    frame = pd.DataFrame(PAIRS, columns=["profile_a", "profile_b"]).assign(
        match_weight=bits, is_conflict=conflict, vote=1.0
    )
    profiles = pd.DataFrame({"profile_no": range(SIZE)})
    links = frame[(frame["match_weight"] >= 0) & ~frame["is_conflict"]]
    verdicts = pd.DataFrame(
        [(a, b, MUST_LINK) for a, b in must] + [(a, b, CANNOT_LINK) for a, b in cannot],
        columns=["profile_a", "profile_b", "verdict"],
    ).astype({"profile_a": np.int64, "profile_b": np.int64})
    components = connected_components(profiles, links, SETTINGS, verdicts[verdicts["verdict"] == MUST_LINK])
    found = cluster_components(components, frame, SETTINGS, verdicts).set_index("profile_no")["cluster_no"]
    assert all(found[a] == found[b] for a, b in must)
    assert all(found[a] != found[b] for a, b in cannot)


def test_verdicts_are_added_and_the_last_one_about_a_pair_holds(tmp_path: Path) -> None:
    record_verdicts(tmp_path, MUST_LINK, [("b", "a"), ("b", "c")], DAY)
    record_verdicts(tmp_path, WITHDRAWN, [("a", "b")], DAY)
    record_verdicts(tmp_path, CANNOT_LINK, [("a", "c")], DAY)
    assert [(v.number, v.verdict, v.pair) for v in active_verdicts(read_verdicts(tmp_path))] == [
        (2, MUST_LINK, ("b", "c")),
        (4, CANNOT_LINK, ("a", "c")),
    ]
    assert len(verdicts_path(tmp_path).read_text().splitlines()) == 4


def test_a_contradiction_names_every_verdict_of_it_and_adds_nothing(tmp_path: Path) -> None:
    record_verdicts(tmp_path, MUST_LINK, [("a", "b"), ("b", "c"), ("x", "y")], DAY)
    with pytest.raises(VerdictError) as told:
        record_verdicts(tmp_path, CANNOT_LINK, [("p", "q"), ("c", "a")], DAY)
    assert all(
        text in str(told.value)
        for text in ("verdict 1 (must_link", "verdict 2 (must_link", "verdict 5 (cannot_link, 2026-11-23)")
    )
    assert "verdict 3" not in str(told.value)
    assert len(read_verdicts(tmp_path)) == 3


@given(st.lists(st.tuples(st.sampled_from([MUST_LINK, CANNOT_LINK]), pair), max_size=12))
def test_whatever_is_recorded_never_contradicts_itself(given_: list[tuple[str, tuple[int, int]]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        for verdict, (a, b) in given_:
            try:
                record_verdicts(home, verdict, [(str(a), str(b))], DAY)
            except VerdictError:
                continue
        held = active_verdicts(read_verdicts(home))
        must = [(int(v.token_a), int(v.token_b)) for v in held if v.verdict == MUST_LINK]
        cannot = [(int(v.token_a), int(v.token_b)) for v in held if v.verdict == CANNOT_LINK]
        assert consistent(must, cannot) == cannot


def test_a_line_that_is_no_verdict_is_named(tmp_path: Path) -> None:
    record_verdicts(tmp_path, MUST_LINK, [("a", "b")], DAY)
    with verdicts_path(tmp_path).open("a") as stream:
        stream.write('{"verdict": "maybe", "token_a": "a", "token_b": "c", "at": "2026-11-23"}\n')
    with pytest.raises(VerdictError, match=r"Line 2 of .* 'maybe'"):
        read_verdicts(tmp_path)
