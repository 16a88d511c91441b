"""Pairwise scores from counts agree with pairs listed one by one."""

from __future__ import annotations

from itertools import combinations

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.demo.evaluate import Evaluation, evaluate, format_evaluation

Row = tuple[str | None, str | None, str, str]  # person, customer, group, trouble

_ROWS = st.lists(
    st.tuples(
        st.sampled_from(["P1", "P2", "P3", "O1", None]),
        st.sampled_from(["c1", "c2", "c3", None]),
        st.sampled_from(["chinese", "international"]),
        st.sampled_from(["", "typo", "moved", "moved;typo", "typographic"]),
    ),
    max_size=14,
)


def _frames(rows: list[Row]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Row by row: truth for all, cross reference for those with a customer."""
    truth = pd.DataFrame(
        [
            ("s", str(i), person, group, "person", trouble)
            for i, (person, _, group, trouble) in enumerate(rows)
        ],
        columns=["source_system", "source_record_id", "person_id", "group", "evidence", "trouble"],
        dtype="object",
    )
    xref = pd.DataFrame(
        [("s", str(i), customer) for i, (_, customer, _, _) in enumerate(rows) if customer],
        columns=["source_system", "source_record_id", "customer_id"],
        dtype="object",
    )
    return xref, truth


def _listed(rows: list[Row], trouble: str | None = None, group: str | None = None) -> tuple[int, int, int]:
    """(true, found, common) pairs by looking at every pair."""
    true = found = common = 0
    kept = [row for row in rows if row[0] is not None and group in (None, row[2])]
    for one, two in combinations(kept, 2):
        if trouble and trouble not in one[3].split(";") and trouble not in two[3].split(";"):
            continue
        same, together = one[0] == two[0], one[1] is not None and one[1] == two[1]
        true, found, common = true + same, found + together, common + (same and together)
    return true, found, common


def _run(rows: list[Row]) -> Evaluation:
    return evaluate(*_frames(rows))


@settings(deadline=None, max_examples=60)
@given(_ROWS)
def test_counts_agree_with_listed_pairs(rows: list[Row]) -> None:
    result = _run(rows)
    for score in (result.overall, *result.troubles):
        trouble = None if score is result.overall else score.name
        assert (score.true_pairs, score.found_pairs, score.common_pairs) == _listed(rows, trouble)
    for score in result.parts:
        if score.name in {"chinese", "international"}:
            listed = _listed(rows, group=score.name)
            assert (score.true_pairs, score.found_pairs, score.common_pairs) == listed


@settings(deadline=None, max_examples=25)
@given(_ROWS, st.integers(0, 1000))
def test_row_order_does_not_matter(rows: list[Row], seed: int) -> None:
    xref, truth = _frames(rows)
    shuffled = truth.sample(frac=1, random_state=seed)
    assert evaluate(xref, shuffled).overall == evaluate(xref, truth).overall


def test_scores_of_a_known_case() -> None:
    # Person P1 is found in two pieces, and one piece holds a record of P2.
    result = _run(
        [
            ("P1", "c1", "chinese", ""),
            ("P1", "c1", "chinese", "typo"),
            ("P1", "c2", "chinese", ""),
            ("P2", "c2", "chinese", ""),
        ]
    )
    assert (result.overall.precision, result.overall.recall) == (0.5, pytest.approx(1 / 3))
    assert result.overall.f1 == pytest.approx(0.4)
    assert (result.trouble("typo").cases, result.trouble("typo").recall) == (1, 0.5)


def test_a_record_that_was_not_resolved_costs_recall_not_precision() -> None:
    result = _run([("P1", "c1", "chinese", ""), ("P1", None, "chinese", ""), ("P2", None, "chinese", "")])
    assert (result.overall.precision, result.overall.recall) == (1.0, 0.0)


def test_text_table_names_every_class() -> None:
    text = format_evaluation(_run([("P1", "c1", "chinese", "typo"), ("P1", "c1", "chinese", "moved")]))
    assert "typo" in text
    assert "moved" in text
    assert "1.0000" in text
