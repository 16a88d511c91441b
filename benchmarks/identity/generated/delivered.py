"""What a generator hands over: per source the table as it would be delivered, and which entity each row is."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from benchmarks.identity.generated.dice import Dice

Row = dict[str, str]
TRUTH_COLUMNS = ("source_system", "source_record_id", "person_id")


@dataclass(frozen=True)
class Delivered:
    """`sources`: name -> table of text with `record_id`; `truth`: one row for each row of all sources."""

    sources: dict[str, pd.DataFrame]
    truth: pd.DataFrame

    def write(self, folder: Path) -> None:
        """`<source>.csv` of every source and `truth.csv` in `folder`, which is made; nothing is an empty field."""
        folder.mkdir(parents=True, exist_ok=True)
        for name, frame in self.sources.items():
            frame.to_csv(folder / f"{name}.csv", index=False, lineterminator="\n")
        self.truth.to_csv(folder / "truth.csv", index=False, lineterminator="\n")


def deliver(
    dice: Dice, columns: dict[str, tuple[str, ...]], rows: dict[str, list[tuple[str, Row]]]
) -> Delivered:
    """Tables of (entity, row) pairs by source, in an order and with record ids that tell nothing of the entity."""
    sources, truth = {}, []
    for source, pairs in rows.items():
        mixed = dice.shuffled(pairs)
        letter = source.split("_")[-1][0].upper()
        ids = [f"{letter}{number}" for number in dice.shuffled(range(10_000, 10_000 + len(mixed)))]
        frame = pd.DataFrame([row for _, row in mixed], columns=list(columns[source]), dtype=object)
        frame = frame.fillna("").replace("", None)
        frame.insert(0, "record_id", ids)
        sources[source] = frame
        truth += [(source, number, entity) for number, (entity, _) in zip(ids, mixed, strict=True)]
    return Delivered(sources, pd.DataFrame(truth, columns=list(TRUTH_COLUMNS)))
