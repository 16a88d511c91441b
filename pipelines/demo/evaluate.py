"""How well clusters agree with the truth: pairwise precision, recall and F1, from counts of pairs."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

_KEYS = ["source_system", "source_record_id"]
_TRUE, _FOUND = "person_id", "customer_id"


@dataclass(frozen=True)
class Score:
    """Pair counts of one subset; `cases` is the number of its records."""

    name: str
    cases: int
    true_pairs: int
    found_pairs: int
    common_pairs: int

    @property
    def precision(self) -> float:
        """Share of the pairs put together that belong together, 0-1; 1 where none was put together."""
        return self.common_pairs / self.found_pairs if self.found_pairs else 1.0

    @property
    def recall(self) -> float:
        """Share of the pairs that belong together that were put together, 0-1; 1 where there is none."""
        return self.common_pairs / self.true_pairs if self.true_pairs else 1.0

    @property
    def f1(self) -> float:
        """Harmonic mean of precision and recall, 0-1."""
        total = self.precision + self.recall
        return 2 * self.precision * self.recall / total if total else 0.0


@dataclass(frozen=True)
class Evaluation:
    """Scores over all records, over parts of the people, and over trouble classes."""

    overall: Score
    parts: tuple[Score, ...]
    troubles: tuple[Score, ...]

    def trouble(self, name: str) -> Score:
        """The score of one trouble class. Raises KeyError for a class that no record has."""
        for score in self.troubles:
            if score.name == name:
                return score
        raise KeyError(name)


def evaluate(xref: pd.DataFrame, truth: pd.DataFrame) -> Evaluation:
    """Compare clusters with truth over the records of `truth` that belong to somebody.

    `xref` has one row per record with source_system, source_record_id and customer_id; `truth` the columns of
    pipelines.demo.truth. A record of truth that `xref` lacks counts as a cluster of its own; records that
    truth does not know are left out. A pair belongs to a trouble class when at least one of its two records
    carries the class.
    """
    joined = _joined(xref, truth)
    everything = pd.Series(True, index=joined.index)
    parts = [
        _score(str(group), joined[joined["group"] == group], everything)
        for group in sorted(joined["group"].dropna().unique())
    ]
    named = joined[joined["evidence"] == "person"]
    parts.append(_score("records that say who", named, everything))
    carried = joined["trouble"].fillna("").str.split(";")
    classes = sorted({name for names in carried for name in names if name})
    troubles = [_score(name, joined, carried.map(lambda names, name=name: name in names)) for name in classes]
    return Evaluation(_score("all", joined, everything), tuple(parts), tuple(troubles))


def _joined(xref: pd.DataFrame, truth: pd.DataFrame) -> pd.DataFrame:
    known = truth[truth[_TRUE].notna()]
    found = xref[[*_KEYS, _FOUND]].drop_duplicates(_KEYS)
    joined = known.merge(found, on=_KEYS, how="left").reset_index(drop=True)
    alone = "\0" + joined.index.astype(str).to_series(index=joined.index)
    joined[_FOUND] = joined[_FOUND].astype("object").where(joined[_FOUND].notna(), alone).astype(str)
    return joined


def _score(name: str, records: pd.DataFrame, carries: pd.Series) -> Score:
    """Pairs among `records` of which at least one carries: all pairs minus the pairs of those that do not."""
    carries = carries.loc[records.index].astype(bool)
    rest = records[~carries]
    counts = [
        _pairs(records, columns) - _pairs(rest, columns) for columns in ([_TRUE], [_FOUND], [_TRUE, _FOUND])
    ]
    return Score(name, int(carries.sum()), *counts)


def _pairs(records: pd.DataFrame, columns: list[str]) -> int:
    sizes = records.groupby(columns, sort=False).size().astype("int64")
    return int((sizes * (sizes - 1) // 2).sum())


def format_evaluation(evaluation: Evaluation) -> str:
    """A plain text table: records, true pairs, precision, recall, F1; overall, by part, by trouble class."""
    head = f"{'':24}{'records':>9}{'true pairs':>12}{'precision':>11}{'recall':>9}{'F1':>9}"
    lines = [head, _line(evaluation.overall), *map(_line, evaluation.parts)]
    if evaluation.troubles:
        lines += ["", f"{'by trouble class':24}", *map(_line, evaluation.troubles)]
    return "\n".join(line.rstrip() for line in lines)


def _line(score: Score) -> str:
    return (
        f"{score.name:24}{score.cases:>9,}{score.true_pairs:>12,}"
        f"{score.precision:>11.4f}{score.recall:>9.4f}{score.f1:>9.4f}"
    )
