"""Household pairs of ours: the model household_summary, built after the identity models and out of their measured time."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pandas as pd

from benchmarks.identity.ours import build_models, open_build
from benchmarks.identity.scores import pair_scores


def household_scores(home: Path, truth: pd.DataFrame) -> tuple[float, float, float] | None:
    """Precision, recall and F1 over pairs of records that live together, of the records whose household the truth tells.

    `truth`: source_record_id, household_id (null: not told). None, after telling why, when the model could not be built.
    """
    command = [sys.executable, "-m", "benchmarks.identity.households", str(home)]
    made = subprocess.run(command, env=dict(os.environ), capture_output=True, text=True, check=False)
    if made.returncode:
        print(f"households: {(made.stdout + made.stderr)[-2000:]}", file=sys.stderr)
        return None
    told = truth[truth["household_id"].notna()]
    labels = told[["source_record_id", "household_id"]].set_axis(["source_record_id", "person_id"], axis=1)
    return pair_scores(_found(home), labels)


def _found(home: Path) -> pd.DataFrame:
    """source_record_id, customer_id: the household of the record's customer, or the customer who lives alone."""
    conn = open_build(home)
    found = conn.execute(
        "WITH members AS (SELECT household_id, unnest(customer_ids) AS customer_id FROM warehouse.marts.household_summary) "
        "SELECT source_record_id, coalesce(household_id, customer_id) AS customer_id FROM resolved "
        "JOIN identity_records USING (record_id) LEFT JOIN members USING (customer_id)"
    ).df()
    conn.close()
    return found


if __name__ == "__main__":
    build_models(Path(sys.argv[1]), ["--select", "+household_summary", "--exclude", "+resolved"])
