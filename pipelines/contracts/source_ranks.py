"""Starting trust in a source whose contract states no sourceRank: the table source_ranks.csv beside this."""

from __future__ import annotations

import csv
from functools import cache
from importlib.resources import files

HIGHEST_RANK = 99


def default_rank(channel: str, acquisition_mode: str) -> int:
    """Rank from 1 (best): the channel's plus what the acquisition mode adds. Source: R14, R44, R90."""
    ranks = _ranks()
    return ranks.get(("channel", channel), ranks["channel", "*"]) + ranks["acquisitionMode", acquisition_mode]


@cache
def _ranks() -> dict[tuple[str, str], int]:
    text = files(__package__).joinpath("source_ranks.csv").read_text(encoding="utf-8")
    return {(row["subject"], row["name"]): int(row["rank"]) for row in csv.DictReader(text.splitlines())}
