"""The side-by-side benchmark scores right, invents people with known duplicates, and knows a peer that cannot be had."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from benchmarks import environments
from benchmarks.identity.peers import Peer
from benchmarks.identity.people import COLUMNS, people
from benchmarks.identity.scores import cluster_scores, compared_pairs, true_pairs

TRUTH = pd.DataFrame({"source_record_id": list("abcde"), "person_id": ["1", "1", "1", "2", "2"]})


def test_scores_are_over_pairs_of_final_clusters() -> None:
    clusters = pd.DataFrame({"source_record_id": list("abcde"), "customer_id": list("xxyyy")})
    precision, recall, f1, largest = cluster_scores(clusters, TRUTH)
    assert (precision, recall, f1, largest) == (0.5, 0.5, 0.5, 3)
    assert true_pairs(TRUTH) == 4


def test_blocking_recall_counts_the_true_pairs_among_those_compared(tmp_path: Path) -> None:
    file = str(tmp_path / "pairs.parquet")
    pd.DataFrame({"a": ["a", "a", "b"], "b": ["b", "d", "c"]}).to_parquet(file)
    assert compared_pairs(file, TRUTH) == (3, 2)


def test_people_are_the_same_every_time_and_three_in_ten_repeat_somebody() -> None:
    frame = people(2_000)
    assert frame.equals(people(2_000))
    assert frame["cluster"].nunique() == 1_400
    assert frame["unique_id"].is_unique
    repeats = frame.groupby("cluster").filter(lambda group: len(group) > 1)
    changed = [(repeats.groupby("cluster")[name].nunique() > 1).any() for name in COLUMNS]
    assert all(changed)


def test_a_peer_that_cannot_be_installed_is_left_out_and_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(environments, "CACHE", tmp_path)
    nobody = Peer("nobody", "none.py", ("--no-index", "no-such-package-of-ours"))
    assert nobody.run("x", tmp_path, tmp_path / "out") is None
    assert "nobody cannot be installed here and is left out" in capsys.readouterr().err
