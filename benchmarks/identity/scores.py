"""Scores of one engine on one data set: pairs over final clusters, and how many true pairs were compared at all."""

from __future__ import annotations

from dataclasses import dataclass

import duckdb
import pandas as pd

from pipelines.demo.evaluate import evaluate


@dataclass(frozen=True)
class Result:
    """One engine on one data set: scores and blocking recall 0-1 (None: not told), seconds of wall time, GB (10^9).

    `households`: precision, recall and F1 over pairs of records of one household, where the truth and the engine tell them.
    """

    data: str
    engine: str
    precision: float
    recall: float
    f1: float
    largest: int
    blocking_recall: float | None
    pairs: int | None
    seconds: float
    peak_gb: float
    households: tuple[float, float, float] | None = None


def cluster_scores(clusters: pd.DataFrame, truth: pd.DataFrame) -> tuple[float, float, float, int]:
    """Precision, recall and F1 over pairs, and the records of the largest cluster.

    `clusters`: source_record_id, customer_id; `truth`: source_record_id, person_id.
    """
    largest = int(clusters.groupby("customer_id").size().max())
    return *pair_scores(clusters, truth), largest


def pair_scores(clusters: pd.DataFrame, truth: pd.DataFrame) -> tuple[float, float, float]:
    """Precision, recall and F1 over pairs; frames as of cluster_scores."""
    labels = {
        "source_system": "data",
        "entity_type": "person",
        "evidence": "person",
        "group": "all",
        "trouble": "",
    }
    told = truth[["source_record_id", "person_id"]].astype(str).assign(**labels)
    overall = evaluate(clusters.astype(str).assign(source_system="data"), told).overall
    return overall.precision, overall.recall, overall.f1


def true_pairs(truth: pd.DataFrame) -> int:
    """How many pairs of records are the same person."""
    sizes = truth.groupby("person_id").size().astype("int64")
    return int((sizes * (sizes - 1) // 2).sum())


def compared_pairs(pairs_file: str, truth: pd.DataFrame) -> tuple[int, int]:
    """Pairs in a file (columns a, b), and how many of them are the same person."""
    conn = duckdb.connect()
    conn.register("truth", truth.astype(str))
    row = conn.execute(
        "SELECT count(*), count(*) FILTER (WHERE x.person_id = y.person_id) FROM read_parquet(?) AS pairs "
        "JOIN truth AS x ON x.source_record_id = a JOIN truth AS y ON y.source_record_id = b",
        [pairs_file],
    ).fetchone()
    return (int(row[0]), int(row[1])) if row else (0, 0)


def format_results(results: list[Result]) -> str:
    """A Markdown table, a line per data set and engine."""
    lines = [
        "| data set | engine | precision | recall | F1 | largest | blocking recall | pairs compared | wall s | peak GB | household pairs P / R / F1 |",
        "|---|---|" + "---:|" * 9,
    ]
    for row in results:
        recall = "-" if row.blocking_recall is None else f"{row.blocking_recall:.4f}"
        pairs = "-" if row.pairs is None else f"{row.pairs:,}"
        households = " / ".join(f"{value:.4f}" for value in row.households or ()) or "-"
        lines.append(
            f"| {row.data} | {row.engine} | {row.precision:.4f} | {row.recall:.4f} | {row.f1:.4f} | {row.largest} | {recall} "
            f"| {pairs} | {row.seconds:.1f} | {row.peak_gb:.2f} | {households} |"
        )
    return "\n".join(lines)
