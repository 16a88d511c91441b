"""What each blocking rule is worth: the true pairs that only it finds, and what it costs in pairs that are none."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd

from benchmarks.identity.ours import open_build
from pipelines.matching.specification import match_specification


@dataclass
class RuleWorth:
    """Pairs of profiles over all data sets: `alone` true ones that no other rule finds, by data set; `true` and `false` found at all."""

    alone: Counter[str] = field(default_factory=Counter)
    true: int = 0
    false: int = 0
    false_alone: int = 0


def judge_rules(builds: dict[str, tuple[Path, pd.DataFrame]]) -> dict[str, RuleWorth]:
    """Every rule of the specification, those that find nothing too. `builds`: data set -> its finished home and truth."""
    found = {rule.rule: RuleWorth() for rule in match_specification().blocking}
    for name, (home, truth) in builds.items():
        conn = open_build(home)
        conn.register("truth", truth[["source_record_id", "person_id"]].astype(str))
        rows = conn.execute(
            "WITH holders AS (SELECT profile_no, min(person_id) AS person_id FROM identity_records "
            "JOIN truth USING (source_record_id) GROUP BY profile_no) "
            "SELECT rule, is_true, is_alone, count(*) FROM ("
            "SELECT unnest(rules) AS rule, a.person_id = b.person_id AS is_true, len(rules) = 1 AS is_alone "
            "FROM identity_candidate_pairs JOIN holders AS a ON a.profile_no = profile_a "
            "JOIN holders AS b ON b.profile_no = profile_b) GROUP BY ALL"
        ).fetchall()
        conn.close()
        for rule, is_true, is_alone, pairs in rows:
            worth = found[rule]
            worth.true += pairs if is_true else 0
            worth.false += 0 if is_true else pairs
            worth.false_alone += pairs if is_alone and not is_true else 0
            if is_true and is_alone:
                worth.alone[name] += pairs
    return found


def format_rules(found: dict[str, RuleWorth]) -> str:
    """A Markdown table, a line per rule, the most useful first."""
    lines = [
        "| blocking rule | true pairs that only it finds | in data sets | true pairs | other pairs | other pairs of it alone |",
        "|---|---:|---|---:|---:|---:|",
    ]
    for rule, worth in sorted(found.items(), key=lambda one: (-one[1].alone.total(), one[0])):
        sets = ", ".join(f"{name} {pairs:,}" for name, pairs in worth.alone.most_common())
        lines.append(
            f"| {rule} | {worth.alone.total():,} | {sets or '-'} | {worth.true:,} | {worth.false:,} | {worth.false_alone:,} |"
        )
    return "\n".join(lines)
