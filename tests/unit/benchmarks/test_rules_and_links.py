"""What blocking rules and links are worth: counted over pairs of profiles whose truth is known."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pandas as pd
import pytest

from benchmarks.identity import links, rules
from pipelines.matching.specification import match_specification

TRUTH = pd.DataFrame({"source_record_id": ["r1", "r2", "r3", "r4"], "person_id": ["A", "A", "B", "A"]})
CUSTOMERS = {1: "x", 2: "x", 3: "x", 4: "y"}


@pytest.fixture
def conn(monkeypatch: pytest.MonkeyPatch) -> duckdb.DuckDBPyConnection:
    made = duckdb.connect()
    frames = {
        "identity_records": pd.DataFrame(
            {
                "record_id": [f"s:r{n}" for n in CUSTOMERS],
                "source_record_id": TRUTH["source_record_id"],
                "profile_no": list(CUSTOMERS),
            }
        ),
        "resolved": pd.DataFrame(
            {"record_id": [f"s:r{n}" for n in CUSTOMERS], "customer_id": list(CUSTOMERS.values())}
        ),
        "identity_candidate_pairs": pd.DataFrame(
            {
                "profile_a": [1, 1, 2],
                "profile_b": [2, 3, 4],
                "rules": [["phone", "email"], ["phone"], ["email"]],
            }
        ),
        "weighed": pd.DataFrame(
            {"profile_a": [1, 1, 2], "profile_b": [2, 3, 4], "match_weight": [12.0, 0.0, -7.0]}
        ),
    }
    for name, frame in frames.items():
        made.register("given", frame)
        made.execute(f"CREATE TABLE {name} AS SELECT * FROM given")
    # every question opens the build anew and closes it
    for module in (rules, links):
        monkeypatch.setattr(module, "open_build", lambda home: made.cursor())
    monkeypatch.setattr(links, "weights_sql", lambda: "SELECT * FROM weighed")
    return made


def test_a_true_pair_that_one_rule_finds_counts_for_it_alone(conn: duckdb.DuckDBPyConnection) -> None:
    found = rules.judge_rules({"set": (Path("home"), TRUTH)})
    assert set(found) == {rule.rule for rule in match_specification().blocking}
    assert (found["phone"].alone.total(), found["phone"].true, found["phone"].false) == (0, 1, 1)
    assert found["phone"].false_alone == 1
    assert (dict(found["email"].alone), found["email"].true, found["email"].false) == ({"set": 1}, 2, 0)
    assert found["name_token"].true == 0
    first = rules.format_rules(found).split("\n")[2]
    assert first == "| email | 1 | set 1 | 2 | 0 | 0 |"


def test_links_are_counted_by_weight_with_what_became_of_them(conn: duckdb.DuckDBPyConnection) -> None:
    costs = links.link_costs(Path("home"), TRUTH)
    assert costs[["pairs", "same_person", "one_customer", "wrong_merges"]].to_numpy().tolist() == [
        [1, 1, 0, 0],
        [1, 0, 1, 1],
        [1, 1, 1, 0],
    ]
    told = links.format_links("set", costs).split("\n")
    assert told[1].split()[:3] == ["below", "-6", "bits:"]
    assert told[2].split()[:3] == ["from", "+0", "bits:"]
    assert "0.0% the same person, 100.0% one customer, 1 wrongly" in told[2]
