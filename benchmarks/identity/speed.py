"""Speed on generated records: exact-key rules, the same for both engines, and our default configuration beside them."""

from __future__ import annotations

import json
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import pandas as pd

from benchmarks.datasets import CONTRACTS
from benchmarks.identity.accuracy import run_ours
from benchmarks.identity.ours import read_ours
from benchmarks.identity.peers import SPLINK
from benchmarks.identity.people import people
from benchmarks.identity.scores import cluster_scores, compared_pairs, true_pairs
from benchmarks.watch import Watched
from pipelines.settings import DBT_PROJECT_DIR

TIGHT = {
    "phone": "phones[1]",
    "email": "emails[1]",
    "name_birth_date": "family_latin || '-' || given_latin || birth_date",
    "family_birth_date": "family_latin || birth_date",
    "given_birth_date_city": "given_latin || birth_date || city",
    "name_postcode": "family_latin || '-' || given_latin || postcode",
}
RULES = {"tight": TIGHT, "wide": {**TIGHT, "family_city": "family_latin || '-' || city"}, "default": None}
"""Rules of ours by name; Splink's are the same columns (engines/splink_engine.py). None: the shipped configuration."""


@dataclass(frozen=True)
class Run:
    """One repetition: wall seconds, of these the identity models, GB (10^9), pairs of records, blocking recall, F1."""

    seconds: float
    identity_seconds: float | None
    peak_gb: float
    pairs: int
    recall: float
    f1: float


def measure_speed(records: int, repeat: int, folder: Path, *, peers: bool) -> tuple[str, int]:
    """A table of medians; the second value is 1 when an engine failed."""
    frame = people(records)
    truth = frame[["unique_id", "cluster"]].set_axis(["source_record_id", "person_id"], axis=1)
    delivered, parquet = folder / "speed.csv", folder / "speed.parquet"
    frame.drop(columns="cluster").to_csv(delivered, index=False)
    frame.rename(columns={"cluster": "person"}).to_parquet(parquet, index=False)
    lines, failed = [_HEAD], 0
    for rules in RULES:
        runs: dict[str, list[Run | None]] = {"ours": [], "splink": []}
        for turn in range(repeat):  # in turns, so that what else the machine does meets both
            runs["ours"].append(_ours(rules, delivered, truth, folder / f"{rules}-{turn}"))
            if peers and rules != "default":
                runs["splink"].append(_splink(rules, parquet, truth, folder / f"splink-{rules}-{turn}"))
        for engine, repetitions in runs.items():
            done = [run for run in repetitions if run]
            failed |= len(done) < len(repetitions)
            lines += [_line(records, rules, engine, done)] if done else []
    return "\n".join(lines), int(failed)


def _ours(rules: str, delivered: Path, truth: pd.DataFrame, home: Path) -> Run | None:
    chosen = RULES[rules]
    rules_given = [{"rule": name, "key": key} for name, key in (chosen or {}).items()]
    variables = json.dumps({"blocking_rules": rules_given}) if chosen else "{}"
    out = home.with_name(f"out-{home.name}")
    ended = run_ours(
        home, [CONTRACTS / "speed.yml"], lambda landing: _deliver(delivered, landing), out, variables
    )
    if ended.code:
        print(f"ours, {rules}: ended with {ended.code}\n{ended.output[-3000:]}", file=sys.stderr)
        return None
    read_ours(home, out)
    pairs, found = compared_pairs(f"{out}.pairs.parquet", truth)
    results = json.loads((home / "target" / "run_results.json").read_text(encoding="utf-8"))["results"]
    models = {path.stem for path in (DBT_PROJECT_DIR / "models" / "identity").iterdir()}
    inside = sum(r["execution_time"] for r in results if r["unique_id"].split(".")[2] in models)
    shutil.rmtree(home)
    return _run(ended, inside, pairs, found, out, truth)


def _deliver(delivered: Path, landing: Path) -> None:
    (landing / "speed").mkdir(parents=True)
    shutil.copy(delivered, landing / "speed")


def _splink(rules: str, parquet: Path, truth: pd.DataFrame, out: Path) -> Run | None:
    ended = SPLINK.run(f"speed_{rules}", parquet, out)
    if ended is None or ended.code:
        print(
            f"splink, {rules}: {'not installed' if ended is None else ended.output[-3000:]}", file=sys.stderr
        )
        return None
    told = json.loads(Path(f"{out}.json").read_text(encoding="utf-8"))
    return _run(ended, None, told["pairs"], told["true_pairs_compared"], out, truth)


def _run(  # noqa: PLR0913, PLR0917 - the facts of one repetition
    ended: Watched, inside: float | None, pairs: int, found: int, out: Path, truth: pd.DataFrame
) -> Run:
    *_, f1, _largest = cluster_scores(pd.read_csv(f"{out}.csv", dtype=str), truth)
    return Run(ended.seconds, inside, ended.peak_bytes / 1e9, pairs, found / true_pairs(truth), f1)


_HEAD = (
    "| records | rules | engine | runs | median wall s | of it identity models s | median peak GB | pairs | blocking recall "
    "| F1 |\n|---:|---|---|" + "---:|" * 7
)


def _line(records: int, rules: str, engine: str, runs: list[Run]) -> str:
    inside = [run.identity_seconds for run in runs if run.identity_seconds is not None]
    cells = [
        f"{records:,}", rules, engine, str(len(runs)), f"{median(run.seconds for run in runs):.1f}",
        f"{median(inside):.1f}" if inside else "-", f"{median(run.peak_gb for run in runs):.2f}",
        f"{runs[0].pairs:,}", f"{runs[0].recall:.4f}", f"{median(run.f1 for run in runs):.4f}",
    ]  # fmt: skip
    return "| " + " | ".join(cells) + " |"
