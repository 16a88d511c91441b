"""Every run leaves its record and its page, however it ends, and no fault of them ends a run."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import dagster as dg
import pytest
from delivery_home import GOOD, HEADER, SECRET, Home
from page_links import faults

from pipelines.assets.dbt_downstream import published_below
from pipelines.assets.dbt_manifest import ensure_manifest
from pipelines.assets.graph import night_definitions
from pipelines.assets.nightly import NIGHT_TAG, Nightly
from pipelines.assets.run_options import AS_OF_TAG
from pipelines.assets.run_report import page_link
from pipelines.errors import GateError
from pipelines.quality.run_record import RunFacts, read_facts, recorded_runs
from pipelines.report.page import read_summary
from pipelines.report.run_list import newest_page
from pipelines.settings import load_settings

AS_OF = date(2026, 1, 2)


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("UCV_MIN_FREE_BYTES", "0")
    return Home(tmp_path / "home")


@pytest.fixture
def instance() -> Iterator[dg.DagsterInstance]:
    with dg.DagsterInstance.ephemeral() as made:
        yield made


def facts_of(home: Home, run_id: str) -> RunFacts:
    found = read_facts(home.root, run_id)
    assert found is not None
    return found


def page(home: Home, run_id: str) -> str:
    return (home.root / "docs" / run_id / "index.html").read_text(encoding="utf-8")


def run_of(home: Home, instance: dg.DagsterInstance, raised: Exception | None, **tags: str) -> str:
    """The id of a run of one step that uses the home and ends as told."""

    @dg.asset
    def one_step(nightly: Nightly) -> None:
        if raised is not None:
            raise raised

    run = dg.materialize(
        [one_step], resources={"nightly": Nightly(home=str(home.root))}, instance=instance,
        tags={AS_OF_TAG: AS_OF.isoformat(), **tags}, raise_on_error=False,
    )  # fmt: skip
    assert run.success == (raised is None)
    return run.run_id


def test_a_night_leaves_its_record_and_a_page_that_tells_its_deliveries(
    home: Home, instance: dg.DagsterInstance
) -> None:
    home.source(
        "list", {"good.csv": GOOD, "会员.csv": HEADER.replace("time", "no") + f"1,{SECRET},2026-01-01\n"}
    )
    job = night_definitions(load_settings(home.root)).resolve_job_def("nightly")
    night = job.execute_in_process(instance=instance, tags={AS_OF_TAG: AS_OF.isoformat()})
    facts = facts_of(home, night.run_id)
    assert (facts.job, facts.as_of_date, facts.version_before) == ("nightly", "2026-01-02", None)
    assert facts.ended_at is not None
    told = page(home, night.run_id)
    assert "good.csv" in told
    assert "会员.csv" in told
    assert "refused: " in told
    assert "the build that follows" in told  # there was news
    docs = home.root / "docs"
    assert newest_page(home.root) == docs / night.run_id / "index.html"
    for path in (docs / night.run_id / "index.html", docs / "index.html"):
        assert faults(path) == []
    assert f'href="{night.run_id}/index.html"' in (docs / "index.html").read_text(encoding="utf-8")
    assert not any(SECRET in path.read_text("utf-8") for path in docs.rglob("*") if path.is_file())
    # The build that follows shows the deliveries of its night.
    build = run_of(home, instance, None, **{NIGHT_TAG: night.run_id})
    assert facts_of(home, build).night_run_id == night.run_id
    assert "good.csv" in page(home, build)


@pytest.mark.parametrize(
    ("raised", "told"),
    [
        (ValueError(f"could not cast {SECRET}"), "ValueError"),
        (GateError("No passing verdict: of golden."), "No passing verdict: of golden."),
        (dg.Failure("dbt: 1 of 3 nodes failed: customers."), "1 of 3 nodes failed"),
    ],
)
def test_a_failed_step_stands_on_the_page_without_a_word_that_may_be_a_persons(
    home: Home, instance: dg.DagsterInstance, raised: Exception, told: str
) -> None:
    run_id = run_of(home, instance, raised)
    assert facts_of(home, run_id).failed_steps == ("one_step",)
    verdict = read_summary(home.root, run_id)
    assert verdict is not None
    assert verdict.status == "failed"
    assert "one_step" in verdict.sentence
    assert told in page(home, run_id)
    assert SECRET not in page(home, run_id)


def test_a_gate_that_holds_the_run_is_no_error_of_its_own(home: Home, instance: dg.DagsterInstance) -> None:
    @dg.asset
    def table(nightly: Nightly) -> None:
        """Judged below."""

    @dg.asset_check(asset=table, blocking=True)
    def gate() -> dg.AssetCheckResult:
        return dg.AssetCheckResult(passed=False)

    @dg.asset(deps=[table])
    def after(nightly: Nightly) -> None:
        """Never reached."""

    made = dg.Definitions(
        assets=[table, after], asset_checks=[gate], resources={"nightly": Nightly(home=str(home.root))},
        executor=dg.in_process_executor,
    )  # fmt: skip
    run = made.resolve_implicit_global_asset_job_def().execute_in_process(
        instance=instance, raise_on_error=False
    )
    assert facts_of(home, run.run_id).failed_steps == ("table_gate",)
    assert "Steps that ended in an error" not in page(home, run.run_id)


@pytest.mark.parametrize("broken", ["write_facts", "write_page"])
def test_a_fault_of_record_or_page_never_fails_the_run(
    home: Home, instance: dg.DagsterInstance, monkeypatch: pytest.MonkeyPatch, broken: str
) -> None:
    monkeypatch.setattr(f"pipelines.assets.run_report.{broken}", lambda *_: 1 / 0)
    run_of(home, instance, None)


def test_a_run_whose_process_dies_stands_in_the_record_as_not_ended(
    home: Home, instance: dg.DagsterInstance
) -> None:
    context = dg.build_init_resource_context(instance=instance)
    resource = Nightly(home=str(home.root)).yield_for_execution(context)
    with resource as nightly:
        (begun,) = recorded_runs(home.root)
        assert (begun.run_id, begun.ended_at) == (nightly.run_id, None)
        assert str(page_link(nightly).value).endswith(f"/{nightly.run_id}/index.html")


def test_tables_below_an_asset_are_those_that_readers_see() -> None:
    ensure_manifest()
    below = published_below({"shop": "transaction"})
    assert "customers" in below["identity/resolved"]
    assert "fct_transactions" in below["raw/shop"]
    assert "customer_360" in below["marts/customer_360"]
    assert "customers" not in below["marts/customer_360"]
    assert not any(
        name.startswith(("stg_", "std_", "identity_")) for names in below.values() for name in names
    )
