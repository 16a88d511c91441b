"""A breaking change of a contract in the night: its source stops, the others go on, and what stands for it lets it pass."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, date, datetime

import dagster as dg
import pytest
from delivery_home import HEADER, SECRET, Home
from typer.testing import CliRunner

from pipelines.assets.graph import night_definitions
from pipelines.assets.run_options import AS_OF_TAG
from pipelines.cli import app
from pipelines.contracts.change_log import read_change_log
from pipelines.contracts.load import load_contracts
from pipelines.errors import UcvError
from pipelines.ingest.raw_store import list_deliveries
from pipelines.publishing.built_contracts import keep_files, kept_contracts
from pipelines.publishing.layout import version_dir
from pipelines.publishing.publish import publish
from pipelines.publishing.version import current_version, verify_version
from pipelines.settings import PROJECT_ROOT, load_settings
from pipelines.storage.connection import attach_database, open_connection
from pipelines.warehouse import prepare_sources

AS_OF = "2026-01-03"
LEASE = """
customProperties:
  - {property: channel, value: publisher}
  - {property: acquisitionMode, value: lease}
  - {property: vendor, value: Press}
  - {property: validTo, value: "2026-12-31"}
"""
PEOPLE = "".join(f"{n},{SECRET}{n},1380013800{n},2026-01-01\n" for n in range(5))
FULL = "no,姓名,手机,time\n"


def run(home: Home) -> str:
    """What `ucv run` tells, which ends with 1."""
    environment = {**os.environ, "UCV_AS_OF_DATE": AS_OF, "COLUMNS": "200"}
    command = [sys.executable, "-m", "pipelines.cli", "run", "--home", str(home.root)]
    ended = subprocess.run(
        command, cwd=PROJECT_ROOT, env=environment, capture_output=True, text=True, check=False
    )
    told = ended.stdout + ended.stderr
    assert ended.returncode == 1, told[-4000:]
    assert SECRET not in told
    return told


def ucv(home: Home, *words: str, code: int) -> str:
    """What another command tells, without the seconds of a process of its own."""
    ended = CliRunner().invoke(app, [*words, "--home", str(home.root)], env={"COLUMNS": "200"})
    error = ended.exception
    assert (error.exit_code if isinstance(error, UcvError) else ended.exit_code) == code, ended.output
    assert SECRET not in ended.output
    return f"{ended.output}{error or ''}"


def first_version(home: Home) -> None:
    """What a night that read all sources would have published, as far as contracts are concerned."""
    for contract in load_contracts(home.root).contracts:
        home.take(contract)
    build = home.root / "warehouse" / "builds" / "first" / "warehouse.duckdb"
    build.parent.mkdir(parents=True)
    keep_files({one.id: one.path for one in load_contracts(home.root).contracts}, build.parent)
    conn = open_connection(home.settings, home.keys)
    attach_database(conn, build, home.keys)
    conn.execute("create schema warehouse.golden; create table warehouse.golden.customers as select 1 as n")
    conn.close()
    settings = home.settings.model_copy(update={"min_free_bytes": 0})
    publish(build, settings, home.keys, now=datetime(2026, 1, 2, 2, tzinfo=UTC), as_of=date(2026, 1, 2), run_id="first",
            fingerprint="f" * 64, verdicts=[])  # fmt: skip


def edit(home: Home, source: str, *changes: tuple[str, str]) -> None:
    path = home.root / "contracts" / f"{source}.yml"
    text = path.read_text("utf-8")
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    path.write_text(text, "utf-8")


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Home]:
    with pytest.MonkeyPatch.context() as patch:
        root = tmp_path_factory.mktemp("changes")
        patch.setenv("XDG_CONFIG_HOME", str(root / "config"))
        patch.setenv("UCV_MIN_FREE_BYTES", "0")
        home = Home(root / "home")
        home.source("leased", {"a.csv": FULL + PEOPLE}, more=LEASE)
        home.source("web", {"a.csv": HEADER + f"1,{SECRET},2026-01-01\n"})
        first_version(home)
        edit(home, "leased", ("value: lease", "value: own"))
        for source in ("leased", "web"):
            (home.landing(source) / "b.csv").write_text(
                FULL + f"8,{SECRET}八,13900139008,2026-01-02\n", "utf-8"
            )
        (root / "told.txt").write_text(run(home), "utf-8")
        yield home


def rows(home: Home, sql: str) -> list[dict[str, object]]:
    return json.loads(ucv(home, "query", sql, "--format", "json", code=0))


def test_the_source_stops_and_the_others_go_on(home: Home) -> None:
    told = (home.root.parent / "told.txt").read_text("utf-8")
    assert "terms/acquisitionMode: lease -> own (breaking): records leave the terms" in told
    assert "ucv accept-contract leased" in told
    failed = [line for line in told.splitlines() if line.startswith("failed: ")]
    assert failed == ["failed: raw/leased:contract"]
    taken = sorted((one["source_system"], one["accepted"]) for one in list_deliveries(home.root))
    assert taken == [("leased", 5), ("web", 1), ("web", 1)]


def test_readers_see_the_records_of_the_stopped_source_under_its_old_contract(home: Home) -> None:
    version = current_version(home.root)
    assert version is not None
    assert not version.startswith("v20260102"), "the night published"
    verify_version(home.root, version)
    terms = rows(home, "select source_system, acquisition_mode from dim_acquisition_terms order by all")
    assert [tuple(row.values()) for row in terms] == [("leased", "lease"), ("web", "own")]
    held = rows(home, "select source_system, count(*) as n from customer_xref group by all order by all")
    assert [tuple(row.values()) for row in held] == [("leased", 5), ("web", 2)]
    kept = kept_contracts(version_dir(home.root, version))
    assert "value: lease" in kept["leased"].read_text("utf-8")


def night(home: Home) -> dg.ExecuteInProcessResult:
    job = night_definitions(load_settings(home.root)).resolve_job_def("nightly")
    with dg.DagsterInstance.ephemeral() as instance:
        return job.execute_in_process(instance=instance, tags={AS_OF_TAG: AS_OF})


def judged(result: dg.ExecuteInProcessResult) -> dict[str, bool]:
    return {
        check.asset_key.path[-1]: check.passed
        for check in result.get_asset_check_evaluations()
        if check.check_name == "contract"
    }


def is_news(result: dg.ExecuteInProcessResult) -> bool:
    return any(event.asset_key.path[-1] == "changes" for event in result.get_asset_materialization_events())


def test_a_stopped_contract_does_not_build_again_and_is_red_each_night(home: Home) -> None:
    result = night(home)
    assert judged(result) == {"leased": False, "web": True}
    assert not is_news(result)
    with open_connection(home.settings, home.keys) as conn:  # as freshness and a data engineer's dbt find it
        prepare_sources(conn, home.settings, home.keys)
        modes = conn.execute(
            "select acquisition_mode from memory.raw.sources order by source_system"
        ).fetchall()
    assert modes == [("lease",), ("own",)]
    assert "1 breaking change since" in ucv(home, "check", code=1)


def test_who_accepts_it_or_raises_the_major_version_has_it_read(home: Home) -> None:
    assert "Nothing stops" in ucv(home, "accept-contract", "web", "--name", "Li", "--reason", "r", code=2)
    assert "neither of them blank" in ucv(
        home, "accept-contract", "leased", "--name", " ", "--reason", "r", code=2
    )
    told = ucv(home, "accept-contract", "leased", "--name", "Li", "--reason", "bought the list", code=0)
    assert "acquisitionMode" in told
    edit(home, "web", ("version: 1.0.0", "version: 2.0.0"), ("name: full_name", "name: native_name"))
    result = night(home)
    assert judged(result) == {"leased": True, "web": True}
    assert is_news(result)
    taken = sorted((one["source_system"], one["accepted"]) for one in list_deliveries(home.root))
    assert taken == [("leased", 1), ("leased", 5), ("web", 1), ("web", 1)]
    night(home)
    log = [(entry.source_system, entry.action, entry.by) for entry in read_change_log(home.root)]
    assert log == [("leased", "accepted", "Li"), ("web", "declared", None)], "each once"
    shown = ucv(home, "check", code=0)
    assert "accepted by Li: bought the list" in shown
    assert "web 1.0.0 -> 2.0.0 declared" in shown
    observed = [
        event.event_specific_data.asset_observation
        for event in result.all_events
        if event.event_type_value == "ASSET_OBSERVATION"
    ]
    metadata = {one.asset_key.path[-1]: one.metadata for one in observed}
    assert "native_name" in str(metadata["web"]["contract_changes"].value)


def test_a_contract_that_is_removed_is_missed(home: Home) -> None:
    path = home.root / "contracts" / "web.yml"
    text = path.read_text("utf-8")
    path.unlink()
    assert judged(night(home)) == {"leased": True, "web": False}
    assert "status: retired" in ucv(home, "check", code=1)
    path.write_text(text, "utf-8")
