"""What the terminal tells of a night's deliveries: every refused file by its cause, rejects and repairs by column."""

from __future__ import annotations

import io
from pathlib import Path

import dagster as dg
import pytest
from delivery_home import HEADER, SECRET, Home
from rich.console import Console
from typer.testing import CliRunner

from pipelines.assets.nightly import Nightly
from pipelines.assets.raw import raw_assets
from pipelines.cli import app
from pipelines.command.told import tell_deliveries
from pipelines.contracts.load import load_contracts
from pipelines.ingest.raw_store import list_deliveries

FULL = "no,姓名,手机,time\n9,王小明,13800138000,2026-01-01\n"  # every mapped column


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    return Home(tmp_path / "home")


def told_by_a_night(home: Home) -> list[str]:
    assets = raw_assets(load_contracts(home.root))
    result = dg.materialize(
        assets, resources={"nightly": Nightly(home=str(home.root))}, instance=dg.DagsterInstance.ephemeral()
    )
    assert result.success  # a source's trouble is its own
    paper = io.StringIO()
    tell_deliveries(result, Console(file=paper, width=80))
    assert SECRET not in paper.getvalue()
    return sorted(paper.getvalue().splitlines())


def test_every_bad_source_is_told_with_its_cause_and_the_good_ones_are_taken(home: Home) -> None:
    home.source("good", {"a.csv": FULL})
    home.source("empty", {"[red]a.csv": b"", "b.csv": FULL})
    home.source("lacking", {"a.csv": f"姓名,time\n{SECRET},2026-01-01\n"})
    home.source("folder", {"b.csv": FULL})
    (home.landing("folder") / "a.csv").mkdir()
    home.source(
        "rows", {"a.csv": HEADER + f"1,{SECRET},2026-01-01\n,b,2026-01-01\n3, c ,never\n4,d , 2026-1-1\n"}
    )
    broken = home.source("typo", {"a.csv": FULL}).path
    broken.write_text(broken.read_text("utf-8").replace("full_name", "fulname"), "utf-8")
    told = told_by_a_night(home)
    assert [line.partition(":")[0] for line in told] == ["empty", "folder", "lacking", "rows", "typo"]
    assert "[red]a.csv refused" in told[0]
    assert "no bytes" in told[0]
    assert "folder or device" in told[1]
    assert "lacks no" in told[2]
    assert told[3] == (
        "rows: 2 rows rejected (1 bad_timestamp:registered_at, 1 missing_key:source_record_id): `ucv rejects rows`; "
        "values mended or set aside: 1 date_form:registered_at, 1 spaces:full_name, 1 spaces:registered_at; "
        "mapped columns that did not come: 手机 (1 file)"
    )
    assert "ucv check" in told[4]
    taken = {manifest["source_system"]: manifest["accepted"] for manifest in list_deliveries(home.root)}
    assert taken == {"good": 1, "empty": 1, "folder": 1, "rows": 2}
    status = CliRunner().invoke(app, ["status", "--home", str(home.root)], env={"COLUMNS": "200"})
    lines = [line for line in status.output.splitlines() if "mended 3; lacks 手机" in line]
    assert [line.split()[0] for line in lines] == ["rows"]


def test_a_night_without_trouble_tells_nothing(home: Home) -> None:
    home.source("good", {"a.csv": FULL})
    assert told_by_a_night(home) == []


@pytest.mark.parametrize("status", ["draft", "retired"])
def test_a_contract_that_is_not_active_is_not_read_until_it_is(home: Home, status: str) -> None:
    path = home.source("later", {"a.csv": FULL}).path
    text = path.read_text("utf-8")
    path.write_text(text.replace("status: active", f"status: {status}"), "utf-8")
    told_by_a_night(home)
    assert list_deliveries(home.root) == []
    assert (home.landing("later") / "a.csv").exists()
    path.write_text(text, "utf-8")
    told_by_a_night(home)
    assert [delivery["accepted"] for delivery in list_deliveries(home.root)] == [1]
