"""Each gate on data that really breaks its rule, through the real jobs: nothing is published, and the next good night is."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import dagster as dg
import pytest
from delivery_home import Home
from typer.testing import CliRunner

from pipelines.cli import app
from pipelines.ingest.manifests import list_deliveries, write_manifest
from pipelines.publishing.layout import history_path
from pipelines.publishing.version import Manifest, current_manifest
from pipelines.quality.published import past_shapes
from pipelines.storage.append_log import read_lines

HEADER = "no,姓名,手机,time\n"
SNAPSHOT = "customProperties: [{property: deliveryMode, value: snapshot}, {property: shrinkLimit, value: 1}]"
GIVEN = "伟芳娜敏静强磊洋勇艳杰涛明超霞平刚文华志"


def people(first: int, count: int) -> str:
    """Rows of people whose name, telephone and key are their own."""
    return "".join(
        f"{n},王{GIVEN[n % 20]}{GIVEN[n // 20 % 20]},139{n:04d}{(n * 7919) % 10_000:04d},2026-01-01\n"
        for n in range(first, first + count)
    )


class Nights:
    """A home and its nights; each is one `ucv run` in this process."""

    def __init__(self, root: Path) -> None:
        self.home = Home(root)
        self.output = ""

    def run(self, *words: str) -> int:
        ended = CliRunner().invoke(
            app, ["run", "--home", str(self.home.root), *words], env={"COLUMNS": "300"}
        )
        self.output = ended.output
        return ended.exit_code

    def deliver(self, source: str, name: str, rows: str) -> Path:
        path = self.home.landing(source) / name
        path.write_text(HEADER + rows, "utf-8")
        return path

    def seen(self) -> Manifest:
        manifest = current_manifest(self.home.root)
        assert manifest is not None
        return manifest

    def red(self, asset: str, check: str) -> bool:
        """Whether the last evaluation of a check in the home's own instance failed as an error."""
        with dg.DagsterInstance.from_config(str(self.home.root / "dagster")) as instance:
            key = dg.AssetCheckKey(dg.AssetKey(asset.split("/")), check)
            record = instance.event_log_storage.get_asset_check_execution_history(key, limit=1)[0]
        event: Any = record.event
        evaluation = event.dagster_event.asset_check_evaluation_data
        return not evaluation.passed and evaluation.severity == dg.AssetCheckSeverity.ERROR


@pytest.fixture(scope="module")
def nights(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Nights]:
    """A home that has published once: thirty people of a list that is delivered whole."""
    with pytest.MonkeyPatch.context() as patch:
        folder = tmp_path_factory.mktemp("gates")
        patch.setenv("XDG_CONFIG_HOME", str(folder / "config"))
        for name in ("UCV_HOME", "DAGSTER_HOME"):
            patch.setenv(name, str(folder / "home"))  # ucv run sets them; they go back with the patch
        made = Nights(folder / "home")
        made.home.source("list", more=SNAPSHOT)
        made.deliver("list", "first.csv", people(0, 30))
        assert made.run() == 0, made.output
        yield made


def held(nights: Nights, before: Manifest, asset: str, check: str) -> None:
    """What every gate owes: exit 1, a red check, and readers who see the very same version."""
    assert nights.run() == 1, nights.output
    assert f"failed: {asset}:{check}" in nights.output
    assert nights.red(asset, check)
    assert nights.seen() == before  # its name and the content hash of every table
    status = CliRunner().invoke(app, ["status", "--home", str(nights.home.root)], env={"COLUMNS": "300"})
    assert (status.exit_code, f"{asset}: {check}" in status.output) == (1, True)


def test_the_gate_of_staging_holds_when_rows_were_lost(nights: Nights) -> None:
    before = nights.seen()
    (delivery,) = list_deliveries(nights.home.root)
    write_manifest(nights.home.root, {**delivery, "rows_in": delivery["rows_in"] + 1})
    held(nights, before, "standardise/std_records", "delivery_balances")
    write_manifest(nights.home.root, delivery)
    nights.deliver("list", "second.csv", people(0, 31))
    assert nights.run() == 0, nights.output
    assert nights.seen().version > before.version


def test_the_gate_of_identity_holds_when_one_customer_is_a_crowd(nights: Nights) -> None:
    before = nights.seen()
    crowd = "".join(f"x{n},欧阳伟,13712345678,2026-01-01\n" for n in range(5_001))
    path = nights.deliver("list", "third.csv", people(0, 31) + crowd)
    held(nights, before, "identity/resolved", "largest_customer")
    path.unlink()
    nights.deliver("list", "fourth.csv", people(0, 32))
    assert nights.run() == 0, nights.output
    assert nights.seen().tables["golden.customers"].rows == 32


def test_the_gate_of_golden_holds_when_half_of_the_customers_are_gone(nights: Nights) -> None:
    before = nights.seen()
    nights.deliver("list", "fifth.csv", people(0, 15))
    held(nights, before, "golden/customers", "customers_kept")
    nights.deliver("list", "sixth.csv", people(0, 33))
    assert nights.run() == 0, nights.output
    assert nights.seen().tables["golden.customers"].rows == 33


def test_a_loss_that_the_home_allows_is_published(nights: Nights, monkeypatch: pytest.MonkeyPatch) -> None:
    nights.deliver("list", "seventh.csv", people(0, 15))
    monkeypatch.setenv("UCV_LARGEST_CUSTOMER_LOSS", "0.9")
    assert nights.run() == 0, nights.output
    assert nights.seen().tables["golden.customers"].rows == 15


def test_without_any_customer_nothing_is_published(nights: Nights, monkeypatch: pytest.MonkeyPatch) -> None:
    before = nights.seen()
    monkeypatch.setenv("UCV_LARGEST_CUSTOMER_LOSS", "1")
    nights.deliver("list", "eighth.csv", "nobody,,,2026-01-01\n")
    held(nights, before, "identity/resolved", "customers_found")


def test_the_check_of_a_delivery_holds_its_own_file_and_nobody_elses(
    nights: Nights, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("UCV_LARGEST_CUSTOMER_LOSS", "1")
    contract = nights.home.source("strict")
    rule = "    quality: [{metric: rowCount, mustBeGreaterThan: 20, severity: error}]"
    text = contract.path.read_text("utf-8")
    contract.path.write_text(
        text.replace("    logicalType: object", f"    logicalType: object\n{rule}"), "utf-8"
    )
    few = nights.deliver("strict", "few.csv", people(100, 10))
    nights.deliver("list", "ninth.csv", people(0, 34))
    assert nights.run() == 1, nights.output
    assert "failed: raw/strict:volume" in nights.output
    assert "strict: few.csv refused" in nights.output
    assert nights.red("raw/strict", "volume")
    assert nights.red("raw/strict", "delivery")
    seen = nights.seen()
    assert seen.tables["golden.customers"].rows == 34  # the list's news reaches readers, the few do not
    assert nights.run() == 1, nights.output
    assert nights.seen() == seen
    few.unlink()
    nights.deliver("strict", "enough.csv", people(100, 21))
    assert nights.run() == 0, nights.output
    assert nights.seen().tables["golden.customers"].rows == 55
    assert not nights.red("raw/strict", "volume")


def test_every_version_that_was_published_is_remembered_for_those_to_come(nights: Nights) -> None:
    past = past_shapes(nights.home.root, set())
    events = read_lines(history_path(nights.home.root))
    published = [event for event in events if event["action"] == "published"]
    assert len(past) == len(published) > 1
    newest = past[-1][1]["golden.customers"]
    assert newest["rows"] == nights.seen().tables["golden.customers"].rows
    assert sum(newest["classes"]["entity_type"].values()) == newest["rows"]
