"""A second delivery whose columns are not those of the first: named in check and terminal, taken or refused, no row lost."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import dagster as dg
import pytest
from delivery_home import Home
from rich.console import Console

from pipelines.assets.nightly import Nightly
from pipelines.assets.raw import raw_assets
from pipelines.assets.raw_results import DELIVERY_CHECK
from pipelines.command.told import tell_deliveries
from pipelines.contracts.load import load_contracts
from pipelines.ingest.manifests import list_deliveries

FIRST = "no,姓名,手机,time\n1,a,13800138000,2026-01-01\n2,b,13800138001,2026-01-01\n"
MANY = range(30)


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("UCV_MIN_FREE_BYTES", "0")
    return Home(tmp_path / "home")


def night(home: Home) -> tuple[dict[str, Any], bool, str]:
    """Metadata of the delivery check, whether it passed, and what the terminal told."""
    result = dg.materialize(
        raw_assets(load_contracts(home.root)),
        resources={"nightly": Nightly(home=str(home.root))},
        instance=dg.DagsterInstance.ephemeral(),
    )
    (check,) = [c for c in result.get_asset_check_evaluations() if c.check_name == DELIVERY_CHECK]
    paper = io.StringIO()
    tell_deliveries(result, Console(file=paper, width=300))
    facts = {
        name: check.metadata[name].value for name in ("refused", "codes", "absent_columns", "added_columns")
    }
    return facts, check.passed, paper.getvalue()


CASES = {
    "added": (
        "no,姓名,手机,time,备注\n3,c,13800138002,2026-01-02,x\n",
        {"added_columns": {"备注": 1}, "absent_columns": {}, "codes": ""},
        "new columns that the contract does not map, kept in extra: 备注 (1 file)",
        1,
    ),
    "dropped": (
        "no,姓名,time\n3,c,2026-01-02\n",
        {"added_columns": {}, "absent_columns": {"手机": 1}, "codes": ""},
        "mapped columns that did not come: 手机 (1 file)",
        1,
    ),
    "required dropped": (
        "姓名,手机,time\nc,13800138002,2026-01-02\n",
        {"added_columns": {}, "absent_columns": {}, "codes": "missing_column"},
        "second.csv refused: second.csv lacks no, which the contract requires",
        0,
    ),
    "renamed": (
        "no,姓名,mobile,time\n3,c,13800138002,2026-01-02\n",
        {"added_columns": {"mobile": 1}, "absent_columns": {"手机": 1}, "codes": ""},
        "new columns that the contract does not map, kept in extra: mobile (1 file)",
        1,
    ),
    "a few retyped": (
        "no,姓名,手机,time\n3,c,13800138002,2026-01-02\n4,d,13800138003,yesterday\n",
        {"added_columns": {}, "absent_columns": {}, "codes": ""},
        "1 rows rejected (1 bad_timestamp:registered_at): `ucv rejects people`",
        1,
    ),
    "all retyped": (
        "no,姓名,手机,time\n" + "".join(f"{n},c,13800138002,week {n}\n" for n in MANY),
        {"added_columns": {}, "absent_columns": {}, "codes": "too_many_quarantined"},
        "second.csv refused: second.csv: 30 of 30 rows",
        0,
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_a_column_that_changed_is_named_and_rows_reconcile(home: Home, case: str) -> None:
    content, metadata, words, accepted = CASES[case]
    home.source("people", {"first.csv": FIRST})
    assert night(home) == ({"refused": 0, "codes": "", "absent_columns": {}, "added_columns": {}}, True, "")
    (home.landing("people") / "second.csv").write_text(content, "utf-8")
    told, passed, terminal = night(home)
    refused = int(accepted == 0)
    assert told == {"refused": refused, **metadata}
    assert passed is (refused == 0)
    assert words in terminal
    taken = [m for m in list_deliveries(home.root) if m["file_name"] == "second.csv"]
    assert [m["accepted"] for m in taken] == [accepted] * (1 - refused)
    for manifest in list_deliveries(home.root):
        counts = [manifest[name] for name in ("accepted", "quarantined", "duplicate")]
        assert manifest["rows_in"] == sum(counts)
    assert len(home.rows()) == 2 + accepted, "what came before stays"


def test_a_column_that_keeps_coming_is_told_once(home: Home) -> None:
    home.source("people", {"first.csv": FIRST})
    night(home)
    told = []
    for number in (3, 4):
        row = f"{number},c,13800138002,2026-01-02,x\n"
        (home.landing("people") / f"{number}.csv").write_text(f"no,姓名,手机,time,备注\n{row}", "utf-8")
        told.append("备注" in night(home)[2])
    assert told == [True, False]
