"""Landing is cleaned as the contracts say: only of files that are stored, verified, published and past their term."""

from __future__ import annotations

import io
import json
import os
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import dagster as dg
import pytest
from delivery_home import GOOD, HEADER, LOADED, Home
from hand_made_build import build
from rich.console import Console

from pipelines.assets.changes import changes_asset
from pipelines.assets.judged_build import judged_of, verdicts_dir
from pipelines.assets.layers import DBT_SETS
from pipelines.assets.nightly import Nightly
from pipelines.assets.publish import PUBLISHED_KEY, published_asset
from pipelines.assets.raw import raw_assets, raw_key
from pipelines.assets.run_options import AS_OF_TAG
from pipelines.command.told import tell_deliveries
from pipelines.contracts.load import load_contract, load_contracts
from pipelines.ingest.landing_retention import Removals, clean_landing
from pipelines.ingest.raw_store import list_deliveries, parquet_path
from pipelines.publishing.fingerprint import input_fingerprint, read_inputs
from pipelines.publishing.publish import publish
from pipelines.quality.results import CheckResult
from pipelines.quality.rules import rules_of
from pipelines.quality.verdict import write_verdict
from pipelines.storage.retention_clock import trust_clock

SEEN = LOADED.replace(tzinfo=UTC)  # the run that stored it published
AS_OF = date(2026, 1, 2)
WEEK = "customProperties: [{property: landingRetention, value: 7}]"
SNAPSHOT = (
    "customProperties: [{property: deliveryMode, value: snapshot}, {property: landingRetention, value: 0}]"
)


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("UCV_MIN_FREE_BYTES", "0")
    home = Home(tmp_path / "home")
    trust_clock(home.root, datetime.now(UTC))  # its deliveries are of months ago
    return home


def clean(home: Home, days: float, published: list[datetime] | None = None) -> Removals:
    moments = [SEEN] if published is None else published
    now = SEEN + timedelta(days=days)
    return clean_landing(load_contracts(home.root), home.settings, home.keys, moments, now)


def landed(home: Home, source: str = "list") -> set[str]:
    return {path.name for path in home.landing(source).iterdir()}


def taken(home: Home, more: str = WEEK, **files: str) -> None:
    names = {name.replace("__", "."): text for name, text in files.items()} or {"a.csv": GOOD}
    home.take(home.source("list", names, more=more))


def test_a_file_goes_when_its_term_has_passed_and_not_before(home: Home) -> None:
    taken(home)
    assert clean(home, 6.9) == Removals({}, {})
    assert landed(home) == {"a.csv"}
    assert clean(home, 7) == Removals({"list": 1}, {})
    assert landed(home) == set()
    assert len(home.rows()) == 1
    assert clean(home, 8) == Removals({}, {})


@pytest.mark.parametrize(("value", "days"), [("0", 0), ('"2 w"', 14), ("1", 1)])
def test_the_term_is_the_contracts(value: str, days: int, home: Home) -> None:
    taken(home, f"customProperties: [{{property: landingRetention, value: {value}}}]")
    assert clean(home, days - 0.1).removed == {}
    assert clean(home, days).removed == {"list": 1}


def test_nothing_goes_that_no_reader_has_seen(home: Home) -> None:
    taken(home)
    assert clean(home, 99, published=[]).removed == {}
    assert clean(home, 99, published=[SEEN - timedelta(seconds=1)]).removed == {}
    later = SEEN + timedelta(days=95)  # the term runs from the first version with it
    assert clean(home, 99, published=[later]).removed == {}
    assert clean(home, 102, published=[later]).removed == {"list": 1}


def test_refused_unfinished_hidden_changed_and_linked_files_stay(home: Home) -> None:
    taken(home, a__csv=GOOD, b__csv="nothing\nof it\n", c__csv__part=GOOD, d__csv=HEADER + "1,x,2026-01-01\n")
    folder = home.landing("list")
    (folder / ".hidden.csv").write_text(GOOD, "utf-8")
    (folder / "d.csv").write_text(HEADER + "2,y,2026-01-01\n", "utf-8")  # a new one under the old name
    (home.root / "landing" / "elsewhere.csv").write_text(GOOD, "utf-8")
    (folder / "e.csv").symlink_to(home.root / "landing" / "elsewhere.csv")
    (folder / "f.csv").mkdir()
    assert clean(home, 99).removed == {"list": 1}
    assert landed(home) == {"b.csv", "c.csv.part", ".hidden.csv", "d.csv", "e.csv", "f.csv"}
    assert (home.root / "landing" / "elsewhere.csv").is_file()


def test_every_file_of_one_night_goes_with_the_first(home: Home) -> None:
    taken(home, **{f"f{n}__csv": HEADER + f"{n},x,2026-01-01\n" for n in range(5)})
    assert clean(home, 7).removed == {"list": 5}


def test_the_same_bytes_under_another_name_go_as_well(home: Home) -> None:
    taken(home, a__csv=GOOD, again__csv=GOOD)
    assert clean(home, 7).removed == {"list": 2}


@pytest.mark.parametrize("suffix", [".parquet", ".original"])
@pytest.mark.parametrize("damage", ["changed", "cut", "gone"])
def test_a_file_whose_stored_copy_does_not_verify_stays_and_is_told(
    damage: str, suffix: str, home: Home
) -> None:
    taken(home)
    (manifest,) = list_deliveries(home.root)
    path = parquet_path(home.root, manifest).with_suffix(suffix)
    content = path.read_bytes()
    if damage == "gone":
        path.unlink()
    else:
        path.write_bytes(content[:-9] if damage == "cut" else content[:-1] + bytes([content[-1] ^ 1]))
    assert clean(home, 99) == Removals({}, {"list": {"raw does not verify": 1}})
    assert landed(home) == {"a.csv"}


def test_a_file_of_two_sources_waits_for_both(home: Home) -> None:
    taken(home)
    server = 'type: local, path: "landing/list/*", format: csv'
    other = home.source("other", server=server, more=WEEK)
    assert clean(home, 99).removed == {}
    home.take(other)
    assert clean(home, 99).removed == {"list": 1, "other": 1}


def test_a_file_that_a_broken_contract_reads_waits_until_it_is_mended(home: Home) -> None:
    taken(home)
    server = 'type: local, path: "landing/list/*", format: csv'
    path = home.source("other", server=server, more=WEEK).path
    good = path.read_text("utf-8")
    path.write_text(good.replace("full_name", "fulname"), "utf-8")
    assert clean(home, 99).removed == {}
    path.write_text(good, "utf-8")
    home.take(load_contract(path, home.root))
    assert clean(home, 99).removed == {"list": 1, "other": 1}


def test_a_file_that_cannot_be_removed_is_told(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    taken(home)

    def refuse(path: Path) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "unlink", refuse)
    assert clean(home, 99).kept == {"list": {"not removable (Permission denied)": 1}}


def test_a_delivery_of_an_earlier_release_counts_from_its_manifests_time(home: Home) -> None:
    taken(home)
    (manifest,) = list_deliveries(home.root)
    path = parquet_path(home.root, manifest).with_suffix(".json")
    since_december = ("loaded_at", "taken_at", "checksum", "original_sha256")
    path.write_text(
        json.dumps({name: value for name, value in manifest.items() if name not in since_december})
    )
    os.utime(path, ((SEEN + timedelta(minutes=3)).timestamp(),) * 2)
    assert clean(home, 99).removed == {}
    assert clean(home, 99, published=[SEEN, SEEN + timedelta(days=1)]).removed == {"list": 1}


def test_an_emptied_landing_folder_closes_no_record_of_a_snapshot(home: Home) -> None:
    taken(home, SNAPSHOT)
    before = read_inputs(home.settings)
    assert clean(home, 0).removed == {"list": 1}
    contract = load_contracts(home.root).contracts[0]
    assert contract.delivery_mode == "snapshot"
    assert home.take(contract, LOADED + timedelta(days=1)) == []
    assert home.rows("source_record_id, operation") == [("9", "upsert")]
    assert read_inputs(home.settings) == before


def night(home: Home, *assets: dg.AssetsDefinition) -> str:
    """Raw and `assets` as a run of Dagster; what the terminal is told."""
    raw = raw_assets(load_contracts(home.root))
    result = dg.materialize(
        [*raw, *assets],
        resources={"nightly": Nightly(home=str(home.root))},
        instance=dg.DagsterInstance.ephemeral(),
        tags={AS_OF_TAG: AS_OF.isoformat()},
    )
    assert result.success
    paper = io.StringIO()
    tell_deliveries(result, Console(file=paper, width=80))
    return paper.getvalue()


def test_a_quiet_night_cleans_tells_and_stays_quiet(home: Home) -> None:
    taken(home)
    database = home.root / "warehouse" / "builds" / "b1" / "warehouse.duckdb"
    build(home, database)
    seen = input_fingerprint(home.settings, as_of=AS_OF)
    publish(
        database, home.settings, home.keys, now=SEEN, as_of=AS_OF, run_id="r", fingerprint=seen, verdicts=[]
    )
    changes = changes_asset([raw_key("list")])
    told = night(home, changes)
    assert "list: 1 file removed from landing" in told
    assert landed(home) == set()
    assert input_fingerprint(home.settings, as_of=AS_OF) == seen
    assert night(home, changes) == ""
    assert not [path for path in (home.root / "warehouse" / "builds").iterdir() if path.name != "b1"]


def test_a_night_with_news_that_is_not_published_cleans_nothing(home: Home) -> None:
    taken(home)
    night(home, changes_asset([raw_key("list")]))
    assert landed(home) == {"a.csv"}


def test_publishing_cleans_and_tells(home: Home) -> None:
    home.source("list", {"a.csv": GOOD}, more="customProperties: [{property: landingRetention, value: 0}]")

    @dg.asset(key=["golden", "customers"], deps=[raw_key("list")])
    def built(nightly: Nightly) -> None:
        nightly.begin_build()
        build(home, nightly.build_path)
        for part in DBT_SETS:
            passed = [
                CheckResult("a", rule.name, part.gate, "fail", "", "", "") for rule in rules_of(part.gate)
            ]
            write_verdict(verdicts_dir(nightly), part.gate, judged_of(nightly, part), passed)

    told = night(home, built, published_asset([dg.AssetKey(["golden", "customers"])]))
    assert PUBLISHED_KEY.path[-1] == "published_version"
    assert "list: 1 file removed from landing" in told
    assert landed(home) == set()
