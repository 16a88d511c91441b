"""Accuracy on the public data sets: one default configuration of ours beside the peers' own ways."""

from __future__ import annotations

import json
import os
import shutil
import sys
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path

import pandas as pd

from benchmarks.datasets import Dataset
from benchmarks.identity.households import household_scores
from benchmarks.identity.links import format_links, link_costs
from benchmarks.identity.ours import read_ours
from benchmarks.identity.peers import GOLDENMATCH, SPLINK
from benchmarks.identity.reasons import find_reasons, format_reasons
from benchmarks.identity.rules import format_rules, judge_rules
from benchmarks.identity.scores import Result, cluster_scores, compared_pairs, true_pairs
from benchmarks.watch import Watched, watch
from pipelines.storage.home import create_home


@dataclass
class Measured:
    """`results` of every engine; our finished `builds` (home and truth) by data set; `failed` is 1 when something is missing or failed."""

    results: list[Result] = field(default_factory=list)
    builds: dict[str, tuple[Path, pd.DataFrame]] = field(default_factory=dict)
    failed: int = 0


def measure_accuracy(datasets: list[Dataset], data: Path, folder: Path, *, peers: bool) -> Measured:
    """Every engine over every data set."""
    measured = Measured()
    for dataset in datasets:
        file = _find(dataset, data)
        if file is None:
            measured.failed = 1
            continue
        truth = dataset.labels(file)
        rows = [_ours(dataset, file, truth, folder)]
        if rows[0]:
            measured.builds[dataset.id] = (folder / f"home-{dataset.id}", truth)
        if peers:
            clean = _clean(dataset, file, truth, folder / f"{dataset.id}.parquet")
            for peer, first in ((SPLINK, dataset.id), (GOLDENMATCH, dataset.key)):
                out = folder / f"{dataset.id}-{peer.name}"
                ended = peer.run(first, clean, out)
                rows.append(_peer_result(dataset.id, peer.name, out, truth, ended) if ended else None)
        measured.results += [row for row in rows if row]
        measured.failed |= None in rows
    return measured


def explain_ours(measured: Measured, count: int, *, rules: bool) -> str:
    """Of each data set the `count` largest classes of our errors and what links cost; with `rules` what each blocking rule is worth."""
    told = []
    for name, (home, truth) in measured.builds.items():
        told += [
            format_reasons(name, find_reasons(home, truth, count)),
            "",
            format_links(name, link_costs(home, truth)),
        ]
    if rules:
        told += ["", format_rules(judge_rules(measured.builds))]
    return "\n".join(told)


def _find(dataset: Dataset, data: Path) -> Path | None:
    """The file of a data set, or None after telling where it comes from."""
    file = dataset.find(data)
    if file is None:
        print(f"{dataset.id}: {dataset.file} is not in {data}: it {dataset.missing}.", file=sys.stderr)
    return file


def _clean(dataset: Dataset, file: Path, truth: pd.DataFrame, target: Path) -> Path:
    """The data as text without blanks around names and values, and the truth as column `person`."""
    frame = dataset.frame(file)
    frame.columns = frame.columns.str.strip()
    for name in frame.columns:
        frame[name] = frame[name].astype("string").str.strip().replace("", pd.NA)
    person = truth.astype(str).set_index("source_record_id")["person_id"]
    frame.assign(person=frame[dataset.key].map(person)).to_parquet(target, index=False)
    return target


def run_ours(
    home: Path, contracts: list[Path], deliver: Callable[[Path], object], out: Path, variables: str = "{}"
) -> Watched:
    """A fresh home with these sources, through ingest and the nightly models up to `resolved`.

    `deliver` puts the files into the landing folder it is given.
    """
    settings = create_home(home)
    for contract in contracts:
        shutil.copy(contract, settings.home / "contracts")
    deliver(settings.home / "landing")
    command = [sys.executable, "-m", "benchmarks.identity.ours", str(home), str(out), variables]
    return watch(command, dict(os.environ), out.with_suffix(".log"))


def build_ours(dataset: Dataset, file: Path, folder: Path) -> tuple[Path, Path, Watched] | None:
    """The finished home of one data set, where its files begin, and how it ended; None, after telling why, when it failed."""
    out, home = folder / f"{dataset.id}-ours", folder / f"home-{dataset.id}"
    ended = run_ours(home, dataset.contracts(), lambda landing: dataset.deliver(file, landing), out)
    if ended.code:
        print(f"{dataset.id}, ours: ended with {ended.code}\n{ended.output[-3000:]}", file=sys.stderr)
        return None
    read_ours(home, out)
    return home, out, ended


def _ours(dataset: Dataset, file: Path, truth: pd.DataFrame, folder: Path) -> Result | None:
    built = build_ours(dataset, file, folder)
    if built is None:
        return None
    home, out, ended = built
    pairs, found = compared_pairs(f"{out}.pairs.parquet", truth)
    result = _result(dataset.id, "ours", out, truth, ended, pairs, found / true_pairs(truth))
    if "household_id" in truth:
        result = replace(result, households=household_scores(home, truth))
    return result


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
