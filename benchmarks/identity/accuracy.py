"""Accuracy on the public data sets: one default configuration of ours beside the peers' own ways."""

from __future__ import annotations

import json
import os
import shutil
import sys
from pathlib import Path

import pandas as pd

from benchmarks.datasets import Dataset
from benchmarks.identity.ours import read_ours
from benchmarks.identity.peers import GOLDENMATCH, SPLINK
from benchmarks.identity.scores import Result, cluster_scores, compared_pairs, true_pairs
from benchmarks.watch import Watched, watch
from pipelines.storage.home import create_home

CONTRACTS = Path(__file__).parent.parent / "contracts"
_IDS = {"febrl_dataset3": "rec_id"}


def measure_accuracy(
    datasets: list[Dataset], data: Path, folder: Path, *, peers: bool
) -> tuple[list[Result], int]:
    """Every engine over every data set; the second value is 1 when something is missing or failed."""
    results, failed = [], 0
    for dataset in datasets:
        file = dataset.find(data)
        if file is None or dataset.truth is None:
            print(f"{dataset.id}: {dataset.file} is not in {data}: it {dataset.missing}.", file=sys.stderr)
            failed = 1
            continue
        truth = dataset.truth(file)
        rows = [_ours(dataset, file, truth, folder)]
        if peers:
            clean = _clean(file, truth, folder / f"{dataset.id}.parquet")
            id_column = _IDS.get(dataset.id, "unique_id")
            for peer, first in ((SPLINK, dataset.id), (GOLDENMATCH, id_column)):
                out = folder / f"{dataset.id}-{peer.name}"
                ended = peer.run(first, clean, out)
                rows.append(_peer_result(dataset.id, peer.name, out, truth, ended) if ended else None)
        results += [row for row in rows if row]
        failed |= None in rows
    return results, int(failed)


def _clean(file: Path, truth: pd.DataFrame, target: Path) -> Path:
    """The data as text without blanks around names and values, and the truth as column `person`."""
    frame = pd.read_parquet(file) if file.suffix == ".parquet" else pd.read_csv(file, dtype=str)
    frame.columns = frame.columns.str.strip()
    for name in frame.columns:
        frame[name] = frame[name].astype("string").str.strip().replace("", pd.NA)
    frame.assign(person=truth["person_id"].to_numpy()).to_parquet(target, index=False)
    return target


def run_ours(home: Path, contract: Path, file: Path, out: Path, variables: str = "{}") -> Watched:
    """A fresh home with one source, through ingest and the nightly models up to `resolved`."""
    settings = create_home(home)
    shutil.copy(contract, settings.home / "contracts")
    landing = settings.home / "landing" / contract.stem
    landing.mkdir(parents=True)
    shutil.copy(file, landing)
    command = [sys.executable, "-m", "benchmarks.identity.ours", str(home), str(out), variables]
    return watch(command, dict(os.environ), out.with_suffix(".log"))


def _ours(dataset: Dataset, file: Path, truth: pd.DataFrame, folder: Path) -> Result | None:
    out = folder / f"{dataset.id}-ours"
    home = folder / f"home-{dataset.id}"
    ended = run_ours(home, CONTRACTS / f"{dataset.id}.yml", file, out)
    if ended.code:
        print(f"{dataset.id}, ours: ended with {ended.code}\n{ended.output[-3000:]}", file=sys.stderr)
        return None
    read_ours(home, out)
    pairs, found = compared_pairs(f"{out}.pairs.parquet", truth)
    return _result(dataset.id, "ours", out, truth, ended, pairs, found / true_pairs(truth))


def _peer_result(data: str, engine: str, out: Path, truth: pd.DataFrame, ended: Watched) -> Result | None:
    if ended.code:
        print(f"{data}, {engine}: ended with {ended.code}\n{ended.output[-3000:]}", file=sys.stderr)
        return None
    told = json.loads(Path(f"{out}.json").read_text(encoding="utf-8"))
    found = told.get("true_pairs_compared")
    recall = None if found is None else found / true_pairs(truth)
    return _result(data, f"{engine} {told['version']}", out, truth, ended, told.get("pairs"), recall)


def _result(  # noqa: PLR0913, PLR0917 - the columns of one line
    data: str,
    engine: str,
    out: Path,
    truth: pd.DataFrame,
    ended: Watched,
    pairs: int | None,
    recall: float | None,
) -> Result:
    scores = cluster_scores(pd.read_csv(f"{out}.csv", dtype=str), truth)
    return Result(data, engine, *scores, recall, pairs, ended.seconds, ended.peak_bytes / 1e9)
