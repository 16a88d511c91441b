"""What a link costs: of the pairs of each weight, how many are two people, and how many of them ended as one customer."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from benchmarks.identity.ours import open_build
from pipelines.command.working_file import weights_sql

EDGES = (-6, -3, -1, 0, 1, 2, 4, 6, 10)
"""Bits at which a class of weights begins; below the first and from the last on are classes too."""


def link_costs(home: Path, truth: pd.DataFrame) -> pd.DataFrame:
    """One row per class of weights that has pairs: bits, pairs (of profiles), same_person (0-1), one_customer (0-1), wrong_merges."""
    conn = open_build(home)
    conn.register("truth", truth[["source_record_id", "person_id"]].astype(str))
    low = " ".join(f"WHEN match_weight >= {edge} THEN {edge}" for edge in reversed(EDGES))
    found = conn.execute(
        "WITH holders AS (SELECT profile_no, min(customer_id) AS customer_id, min(person_id) AS person_id FROM identity_records "
        "JOIN resolved USING (record_id) JOIN truth USING (source_record_id) GROUP BY profile_no) "
        f"SELECT CASE {low} END AS bits, count(*) AS pairs, avg((a.person_id = b.person_id)::INTEGER) AS same_person, "
        "avg((a.customer_id = b.customer_id)::INTEGER) AS one_customer, "
        "count(*) FILTER (a.customer_id = b.customer_id AND a.person_id <> b.person_id) AS wrong_merges "
        f"FROM ({weights_sql()}) JOIN holders AS a ON a.profile_no = profile_a JOIN holders AS b ON b.profile_no = profile_b "
        "GROUP BY bits ORDER BY bits NULLS FIRST"
    ).df()
    conn.close()
    return found


def format_links(data: str, costs: pd.DataFrame) -> str:
    """Plain text: a line per class of weights."""
    lines = [f"{data}: what a link of so many bits is worth"]
    for row in costs.itertuples():
        start = f"from {int(row.bits):+d}" if pd.notna(row.bits) else f"below {EDGES[0]:+d}"
        lines.append(
            f"  {start:>9} bits: {row.pairs:>9,} pairs, {row.same_person:6.1%} the same person, "
            f"{row.one_customer:6.1%} one customer, {row.wrong_merges:,} wrongly"
        )
    return "\n".join(lines)
