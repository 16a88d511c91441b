"""Reasons of errors: each wrong pair is in the class of how it came to be and what agrees, and no delivered value is told."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pandas as pd
import pytest

from benchmarks.identity import reasons
from benchmarks.identity.reasons import find_reasons, format_reasons
from pipelines.matching.specification import match_specification

SECRET = "Featherstonehaugh"
# records r1 and r2 read the same; r1, r3 are one customer, r4 and r5 another two; r1 and r4 were never compared
CUSTOMERS = {"r1": "x", "r2": "x", "r3": "x", "r4": "y", "r5": "z"}
PROFILES = {"r1": 1, "r2": 1, "r3": 2, "r4": 3, "r5": 4}
PEOPLE = {"r1": "A", "r2": "B", "r3": "C", "r4": "A", "r5": "A"}
WEIGHED = [(1, 2, 4.0, {"family": 1, "given": 0}), (1, 4, -3.0, {"family": 1, "birth_date": 1})]


def _weights() -> pd.DataFrame:
    rows = []
    for a, b, bits, levels in WEIGHED:
        row: dict[str, object] = {
            "profile_a": a,
            "profile_b": b,
            "entity_type": "person",
            "is_swapped": False,
        }
        row |= {f"{field}_level": levels.get(field) for field in match_specification().fields}
        row |= {f"{field}_weight": 1.5 if field in levels else 0.0 for field in match_specification().fields}
        row |= dict.fromkeys(("name_correction", *match_specification().guard_columns), 0.0)
        rows.append({**row, "prior_weight": -9.0, "match_weight": bits, "is_conflict": False, "vote": 1.0})
    frame = pd.DataFrame(rows)
    return frame.astype({f"{field}_level": "Int32" for field in match_specification().fields})


@pytest.fixture
def build(monkeypatch: pytest.MonkeyPatch) -> None:
    conn = duckdb.connect()
    conn.execute("ATTACH ':memory:' AS warehouse")
    conn.execute("CREATE SCHEMA warehouse.identity")
    conn.execute("CREATE SCHEMA warehouse.reference")
    conn.execute("USE warehouse.identity")
    traits = {trait: ["Leeds"] * 4 for trait in reasons._TRAITS}
    traits |= {"family_latin": [SECRET] * 4, "city": ["Leeds", None, "York", "Leeds"]}
    traits |= {name: [[], [], [], []] for name in ("phones", "emails")}
    tables = {
        "identity_records": pd.DataFrame(
            {"record_id": list(PROFILES), "source_record_id": list(PROFILES), "profile_no": PROFILES.values()}
        ),
        "resolved": pd.DataFrame({"record_id": list(CUSTOMERS), "customer_id": CUSTOMERS.values()}),
        "identity_profiles": pd.DataFrame({"profile_no": [1, 2, 3, 4], **traits}),
        "identity_match_weights": _weights(),
        "identity_closure_weights": _weights().head(0),
        "identity_match_model": pd.DataFrame(
            [
                (field, n, label, 1.0)
                for field in match_specification().fields
                for n, label in enumerate(("different", "same"))
            ],
            columns=["field", "level", "label", "weight"],
        ),
    }
    for name, frame in tables.items():
        conn.register("given", frame)
        conn.execute(f"CREATE TABLE {name} AS SELECT * FROM given")
        conn.unregister("given")
    conn.execute(
        "CREATE TABLE warehouse.identity.identity_match_settings AS SELECT 'link_floor' AS setting, '0' AS value"
    )
    monkeypatch.setattr(reasons, "open_build", lambda home: conn)


@pytest.mark.usefixtures("build")
def test_wrong_pairs_are_told_by_how_they_came_to_be(tmp_path: Path) -> None:
    truth = pd.DataFrame({"source_record_id": list(PEOPLE), "person_id": PEOPLE.values()})
    found = find_reasons(tmp_path, truth, 10)
    classes = {(reason.kind, reason.label.split(":")[0]): reason.pairs for reason in found}
    assert classes == {
        ("false", "read the same"): 1,
        ("false", "linked"): 2,
        ("missed", "never compared"): 2,
        ("missed", "too little evidence"): 1,
    }
    labels = {reason.label for reason in found}
    assert {"linked: same family; other given", "too little evidence: same family, birth_date"} <= labels
    told = format_reasons("set", found)
    assert "2 (66.7%) linked" in told
    assert "+4.0 bits = prior -9.0, family same +1.5, given different +1.5" in told
    assert not any(value in told for value in (SECRET, "Leeds"))


def test_no_error_is_said_to_be_none() -> None:
    assert format_reasons("set", []).split("\n") == [
        "",
        "set: false pairs: none",
        "",
        "set: missed pairs: none",
    ]
