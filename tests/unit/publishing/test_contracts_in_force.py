"""Which contract a source is built with: a breaking change waits for an answer, everything else is taken."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from test_versions import MANIFEST

from pipelines.contracts.change_log import ACCEPTED, Entry, add_to_change_log, log_path, read_change_log
from pipelines.publishing.backup import backup
from pipelines.publishing.built_contracts import keep_files, kept_contracts, published_contracts
from pipelines.publishing.contracts_in_force import InForce, contracts_in_force
from pipelines.publishing.fingerprint import read_inputs
from pipelines.publishing.restore import restore
from pipelines.publishing.switch import switch_to
from pipelines.publishing.version import FileFacts, verify_version, write_manifest
from pipelines.settings import Settings
from pipelines.storage.checksums import file_hash

DAY = date(2026, 11, 22)
EARLIER = "v20261122T023000Z-1a2b3c"
CONTRACT = """
apiVersion: v3.1.0
kind: DataContract
id: {source}
name: {source}
version: {version}
status: active
servers:
  - {{server: landing, type: local, path: "landing/{source}/*.csv", format: csv}}
schema:
  - name: registration
    logicalType: object
    properties:
      - {{name: source_record_id, physicalName: "no", logicalType: string, primaryKey: true}}
      - {{name: full_name, physicalName: name, logicalType: string}}
customProperties:
  - {{property: channel, value: website}}
  - {{property: defaultCountry, value: {country}}}
  - {{property: sourceRank, value: {rank}}}
"""


class Home:
    """A home whose contracts differ in country and rank; `publish` makes a version of what lies there."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def contract(
        self,
        source: str = "web",
        country: str = "CN",
        rank: int = 1,
        version: str = "1.0.0",
        file: str | None = None,
    ) -> Path:
        path = self.root / "contracts" / (file or f"{source}.yml")
        path.parent.mkdir(exist_ok=True)
        path.write_text(CONTRACT.format(source=source, country=country, rank=rank, version=version), "utf-8")
        return path

    def delivery(self, source: str = "web", accepted: int = 5, loaded: str = "2026-11-22T02:00:00") -> None:
        path = self.root / "raw" / "registration" / source / f"{loaded[:10]}.json"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps({"accepted": accepted, "loaded_at": loaded, "header": ["no", "name"]}))

    def publish(self, version: str = MANIFEST.version) -> Path:
        folder = self.root / "warehouse" / "versions" / version
        built = contracts_in_force(self.root).build.contracts
        keep_files({one.id: one.path for one in built}, folder)
        files = {
            f"contracts/{path.name}": FileFacts(file_hash(path), path.stat().st_size)
            for path in kept_contracts(folder).values()
        }
        write_manifest(folder, replace(MANIFEST, version=version, files=files))
        switch_to(self.root, version)
        return folder

    def look(self) -> InForce:
        return contracts_in_force(self.root)

    def state(self, source: str = "web") -> str | None:
        found = self.look().comparisons.get(source)
        return found.state if found else None

    def countries(self) -> dict[str, str | None]:
        """Source -> the country that the view is built with."""
        return {one.id: one.default_country for one in self.look().build.contracts}

    def fingerprint(self) -> str:
        return read_inputs(Settings(home=self.root)).fingerprint(DAY)

    def accept(self, source: str = "web") -> None:
        entry = self.look().comparisons[source].entry(ACCEPTED, "2026-11-23T00:00:00+00:00", "Li", "moved")
        add_to_change_log(self.root, entry)


@pytest.fixture
def home(tmp_path: Path) -> Home:
    home = Home(tmp_path)
    home.contract()
    home.contract("shop")
    home.delivery()
    home.delivery("shop")
    home.publish()
    return home


def test_what_did_not_change_is_not_compared(home: Home) -> None:
    found = home.look()
    assert (found.comparisons, found.replaced, found.incomparable) == ({}, {}, frozenset())
    assert found.build == found.read
    verify_version(home.root, MANIFEST.version)


def test_a_breaking_change_waits_alone_and_the_view_stays_on_the_contract_it_was_built_with(
    home: Home,
) -> None:
    before = home.fingerprint()
    path = home.contract(country="US")
    found = home.look()
    assert home.state() == "stopped"
    assert [change.kind for change in found.comparisons["web"].stopping] == ["defaultCountry_changed"]
    assert home.countries() == {"shop": "CN", "web": "CN"}
    assert [one.id for one in found.read.contracts] == ["shop"]
    assert [problem.file for problem in found.read.problems] == [path], "its files in landing are claimed"
    assert home.fingerprint() == before, "what waits is no news"
    home.delivery("shop", loaded="2026-11-24T02:00:00")
    assert home.fingerprint() != before, "and hides none"


def test_a_compatible_change_is_taken_and_is_news(home: Home) -> None:
    before = home.fingerprint()
    home.contract(rank=9)
    assert home.state() == "compatible"
    assert [one.source_rank for one in home.look().build.contracts if one.id == "web"] == [9]
    assert home.fingerprint() != before


@pytest.mark.parametrize(
    ("version", "state"), [("2.0.0", "declared"), ("1.1.0", "stopped"), ("0.9.0", "stopped")]
)
def test_only_a_major_version_says_that_the_change_is_meant(home: Home, version: str, state: str) -> None:
    before = home.fingerprint()
    home.contract(country="US", version=version)
    assert home.state() == state
    assert home.countries()["web"] == ("US" if state == "declared" else "CN")
    assert (home.fingerprint() != before) is (state == "declared")


def test_who_accepts_accepts_these_changes_from_this_contract_on_and_no_others(home: Home) -> None:
    before = home.fingerprint()
    home.contract(country="US")
    home.accept()
    assert home.state() == "accepted"
    assert home.countries()["web"] == "US"
    assert home.fingerprint() != before
    home.contract(country="US", rank=7)
    assert home.state() == "accepted", "what breaks is the same"
    home.contract(country="GB")
    assert home.state() == "stopped"
    home.contract(country="US")
    home.publish("v20261125T023000Z-1a2b3c")
    assert home.state() is None
    home.contract(country="CN")
    assert home.state() == "stopped", "the way back is another change"


def test_an_acceptance_of_one_source_is_none_of_another(home: Home) -> None:
    home.contract(country="US")
    home.contract("shop", country="US")
    home.accept()
    assert (home.state("web"), home.state("shop")) == ("accepted", "stopped")


def test_a_torn_line_accepts_nothing_and_harms_no_other(home: Home) -> None:
    home.contract(country="US")
    home.accept()
    whole = log_path(home.root).read_bytes()
    log_path(home.root).write_bytes(whole[:40])
    assert home.state() == "stopped"
    home.accept()
    assert [entry.by for entry in read_change_log(home.root)] == ["Li"]
    assert home.state() == "accepted"


def test_where_nothing_was_built_from_a_source_nothing_breaks(home: Home) -> None:
    home.contract("new", country="CN")
    home.delivery("new", accepted=0)
    home.publish("v20261124T023000Z-1a2b3c")
    home.contract("new", country="US", version="1.0.0")
    assert home.state("new") == "compatible"
    home.delivery("new", loaded="2026-11-25T02:00:00")
    assert home.state("new") == "compatible", (
        "what came after the version was read under the changed contract"
    )
    home.delivery("new", loaded="2026-11-24T02:30:00.500000")
    assert home.state("new") == "stopped", "the version's own night"


def test_a_contract_that_broke_or_went_leaves_its_records_their_terms(home: Home) -> None:
    before = home.fingerprint()
    path = home.contract(file="web.yml")
    text = path.read_text("utf-8")
    path.write_text(text.replace("full_name", "fulname"), "utf-8")
    assert home.state() == "broken"
    assert home.countries() == {"shop": "CN", "web": "CN"}
    assert home.fingerprint() == before
    path.unlink()
    assert home.state() == "stopped"
    assert home.look().comparisons["web"].is_gone
    assert home.countries() == {"shop": "CN", "web": "CN"}
    assert home.fingerprint() == before
    home.accept()
    assert home.countries() == {"shop": "CN"}
    path.write_text(text, "utf-8")
    assert home.state() is None


def test_a_source_under_another_file_name_is_the_same_source(home: Home) -> None:
    (home.root / "contracts" / "web.yml").unlink()
    home.contract("web", file="internet.yml")
    assert home.state() is None
    home.contract("web", country="US", file="internet.yml")
    assert home.state() == "stopped"


def test_a_column_is_needed_only_where_every_stored_delivery_had_it(home: Home) -> None:
    path = home.root / "contracts" / "web.yml"
    text = path.read_text("utf-8")
    needed = text.replace("physicalName: name, ", "physicalName: name, required: true, ")
    path.write_text(needed, "utf-8")
    assert home.state() == "compatible"
    folder = home.root / "raw" / "registration" / "web"
    (folder / "old.json").write_text(
        json.dumps({"accepted": 1, "header": ["no"]})
    )  # of before loaded_at was told
    assert home.state() == "stopped"


def test_the_version_that_readers_see_counts_after_a_rollback_too(home: Home) -> None:
    home.contract(country="US", version="2.0.0")
    home.publish("v20261125T023000Z-1a2b3c")
    assert home.state() is None
    switch_to(home.root, MANIFEST.version)
    assert home.state() == "declared"
    home.contract(country="US", version="1.0.0")
    assert home.state() == "stopped"


def test_a_version_from_before_contracts_were_kept_has_nothing_to_compare(home: Home) -> None:
    folder = home.root / "warehouse" / "versions" / EARLIER
    write_manifest(folder, replace(MANIFEST, version=EARLIER))
    switch_to(home.root, EARLIER)
    home.contract(country="US")
    assert home.look().comparisons == {}
    assert home.countries()["web"] == "US"


@pytest.mark.parametrize("damaged", ["contracts/web.yml", "manifest.json"])
def test_a_damaged_version_holds_nobody_up_and_is_told(home: Home, damaged: str) -> None:
    home.contract(country="US")
    path = home.root / "warehouse" / "versions" / MANIFEST.version / damaged
    path.write_text("damaged", "utf-8")
    assert "web" in home.look().incomparable
    assert home.state() is None
    assert "web" not in published_contracts(home.root)[0]


def test_a_stopped_source_says_what_to_do(home: Home) -> None:
    home.contract(country="US")
    told = home.look().comparisons["web"].told
    for words in (
        "1 breaking change since",
        "defaultCountry: CN -> US",
        "next major",
        "ucv accept-contract web",
    ):
        assert words in told


def test_entries_of_the_log_come_back_as_written(home: Home) -> None:
    home.contract(country="US", rank=3)
    home.accept()
    (entry,) = read_change_log(home.root)
    assert isinstance(entry, Entry)
    assert (entry.by, entry.reason, entry.from_version, entry.to_version) == ("Li", "moved", "1.0.0", "1.0.0")
    assert {change["kind"] for change in entry.changes} == {"defaultCountry_changed", "sourceRank_changed"}
    assert entry.contract_after == file_hash(home.root / "contracts" / "web.yml")


def test_a_backup_holds_the_contract_in_force_and_the_one_that_waits_beside_it(
    home: Home, tmp_path: Path
) -> None:
    """A restored home has no version: what nobody accepted must not be read there as if somebody had."""
    published = (home.root / "contracts" / "web.yml").read_bytes()
    waiting = home.contract(country="US").read_bytes()
    (home.root / "contracts" / "shop.yml").unlink()
    archive = tmp_path / "elsewhere" / "home.tar"
    backup(Settings(home=home.root, home_id="test"), archive)
    restore(archive, tmp_path / "new")
    contracts = tmp_path / "new" / "contracts"
    assert sorted(path.name for path in contracts.iterdir()) == ["shop.yml", "web.yml", "web.yml.waiting"]
    assert (contracts / "web.yml").read_bytes() == published
    assert (contracts / "web.yml.waiting").read_bytes() == waiting
    assert Home(tmp_path / "new").countries() == {"shop": "CN", "web": "CN"}
