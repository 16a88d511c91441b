"""What a finished home says about its run, as one row of the table of benchmarks."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from benchmarks.datasets import Dataset
from benchmarks.watch import Watched
from pipelines.demo.evaluate import evaluate
from pipelines.ingest.raw_store import list_deliveries
from pipelines.publishing.query import run_query
from pipelines.settings import Settings
from pipelines.storage.keys import load_keys


@dataclass(frozen=True)
class Row:
    """One data set: counts of rows and customers, pairwise scores 0-1 (None without truth), seconds, GB (10^9)."""

    name: str
    rows_in: int
    accepted: int
    quarantined: int
    duplicate: int
    customers: int
    largest: int
    precision: float | None
    recall: float | None
    f1: float | None
    seconds: float
    peak_gb: float
    exit_code: int


def read_row(dataset: Dataset, file: Path, settings: Settings, ended: Watched) -> Row:
    """Counts from the delivery manifests, customers from the published version, scores against the truth."""
    xref = _xref(settings)
    deliveries = list_deliveries(settings.home)
    counts = [
        sum(int(delivery[name]) for delivery in deliveries)
        for name in ("rows_in", "accepted", "quarantined", "duplicate")
    ]
    sizes = xref.groupby("customer_id").size()
    scores: tuple[float | None, ...] = (None, None, None)
    if dataset.truth is not None:
        told = dataset.labels(file).assign(entity_type="person", evidence="person", group="all", trouble="")
        overall = evaluate(xref, told).overall
        scores = (overall.precision, overall.recall, overall.f1)
    return Row(
        dataset.id, *counts, len(sizes), int(sizes.max()), *scores,
        round(ended.seconds, 1), round(ended.peak_bytes / 1e9, 2), ended.code,
    )  # fmt: skip


def _xref(settings: Settings) -> pd.DataFrame:
    sql = "select source_system, source_record_id, customer_id from customer_xref"
    result = run_query(settings, load_keys(settings), sql)
    return pd.DataFrame(list(result.rows), columns=list(result.columns))


def format_rows(rows: list[Row]) -> str:
    """A Markdown table, so that it can be put into a page as it is."""
    head = "| data set | rows in | accepted | quarantined | duplicate | customers | largest | precision | recall | F1 | wall s | peak GB | exit |"
    lines = [head, "|---|" + "---:|" * 12]
    for row in rows:
        scores = [
            f"{value:.4f}" if value is not None else "-" for value in (row.precision, row.recall, row.f1)
        ]
        counts = [row.rows_in, row.accepted, row.quarantined, row.duplicate, row.customers, row.largest]
        cells = [row.name, *(f"{count:,}" for count in counts), *scores]
        lines.append(
            "| " + " | ".join([*cells, f"{row.seconds:.0f}", f"{row.peak_gb:.2f}", str(row.exit_code)]) + " |"
        )
    return "\n".join(lines)
