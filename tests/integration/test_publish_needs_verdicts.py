"""The publish asset in Dagster's hands: without a passing verdict of every gate about this very build it publishes nothing."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import dagster as dg
import pytest
from delivery_home import GOOD, Home
from hand_made_build import build

from pipelines.assets.judged_build import judged_of, part_dir, verdicts_dir
from pipelines.assets.layers import DBT_SETS
from pipelines.assets.nightly import Nightly
from pipelines.assets.publish import published_asset
from pipelines.assets.raw import raw_assets, raw_key
from pipelines.assets.run_options import RunOptions
from pipelines.contracts.load import load_contracts
from pipelines.publishing.version import current_manifest
from pipelines.quality.results import CheckResult
from pipelines.quality.rules import rules_of
from pipelines.quality.verdict import write_verdict

Spoil = Callable[[Nightly], None]


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("UCV_MIN_FREE_BYTES", "0")
    made = Home(tmp_path / "home")
    made.source("list", {"a.csv": GOOD})
    return made


def judge(nightly: Nightly, red: str = "") -> None:
    for part in DBT_SETS:
        results = [
            CheckResult("a/b", rule.name, part.gate, rule.severity, "", "", "", passed=rule.name != red)
            for rule in rules_of(part.gate)
        ]
        write_verdict(verdicts_dir(nightly), part.gate, judged_of(nightly, part), results)


def night(home: Home, spoil: Spoil) -> tuple[bool, str]:
    """Whether the run ended well, and why it did not."""

    @dg.asset(key=["golden", "customers"], deps=[raw_key("list")])
    def built(nightly: Nightly) -> None:
        nightly.begin_build()
        build(home, nightly.build_path)
        judge(nightly)
        spoil(nightly)

    assets = [
        *raw_assets(load_contracts(home.root)),
        built,
        published_asset([dg.AssetKey(["golden", "customers"])]),
    ]
    options = RunOptions.configure_at_launch()
    result = dg.materialize(
        assets,
        resources={"run_options": options, "nightly": Nightly(home=str(home.root), options=options)},
        instance=dg.DagsterInstance.ephemeral(),
        raise_on_error=False,
    )
    failed = [event.step_failure_data.error for event in result.all_events if event.is_step_failure]
    cause = failed[0].cause or failed[0] if failed and failed[0] else None
    return result.success, str(cause.message) if cause else ""


def missing(nightly: Nightly) -> None:
    (verdicts_dir(nightly) / "identity.json").unlink()


def none_at_all(nightly: Nightly) -> None:
    shutil.rmtree(verdicts_dir(nightly))


def stale(nightly: Nightly) -> None:
    folder = part_dir(nightly, DBT_SETS[1])
    folder.mkdir(parents=True)
    (folder / "run_results.json").write_text("built once more", "utf-8")


def foreign(nightly: Nightly) -> None:
    part = DBT_SETS[-1]
    other = replace(judged_of(nightly, part), build_id="another-build")
    write_verdict(verdicts_dir(nightly), part.gate, other, [])


def red(nightly: Nightly) -> None:
    judge(nightly, red="largest_customer")


def corrupted(nightly: Nightly) -> None:
    path = verdicts_dir(nightly) / "golden.json"
    path.write_text(path.read_text("utf-8").replace("golden", "gilded", 1), "utf-8")


@pytest.mark.parametrize(
    ("spoil", "told"),
    [
        (missing, "identity: missing"), (none_at_all, "staging: missing; identity: missing; golden: missing"),
        (stale, "identity: models were built again after it; golden: models were built again after it"),
        (foreign, "golden: it is about another build"), (red, "identity: largest_customer failed"),
        (corrupted, "golden: its file was changed"),
    ],
    ids=lambda part: getattr(part, "__name__", None),
)  # fmt: skip
def test_readers_keep_what_they_see_and_hear_why(home: Home, spoil: Spoil, told: str) -> None:
    is_good, why = night(home, spoil)
    assert not is_good
    assert told in why
    assert current_manifest(home.root) is None
    assert night(home, lambda nightly: None)[0]  # the next good night publishes
    before = current_manifest(home.root)
    assert before is not None
    assert not night(home, spoil)[0]
    assert current_manifest(home.root) == before
