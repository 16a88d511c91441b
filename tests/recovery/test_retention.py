"""What is past its term goes, nothing else, also when a night is killed within; a clock that leapt removes nothing."""

from __future__ import annotations

import io
import json
import os
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import dagster as dg
import pytest
from rich.console import Console
from stored_rows import unverified
from typer.testing import CliRunner

from pipelines.assets import tidy
from pipelines.assets.changes import CHANGES_KEY, changes_asset
from pipelines.assets.nightly import Nightly
from pipelines.assets.raw import raw_assets, raw_key
from pipelines.assets.run_options import AS_OF_TAG
from pipelines.assets.run_start import RunStart
from pipelines.assets.tidy import forget_runs
from pipelines.cli import app
from pipelines.command.told import tell_deliveries
from pipelines.contracts.load import load_contracts
from pipelines.errors import UcvError
from pipelines.ingest.claims import write_claims
from pipelines.ingest.landing_retention import clean_landing
from pipelines.ingest.raw_retention import RETENTION_LOG, Expired, expire_raw
from pipelines.ingest.raw_store import list_deliveries
from pipelines.publishing.publish import publish
from pipelines.publishing.reports import prune_reports
from pipelines.storage.append_log import read_lines
from pipelines.storage.home import ensure_instance
from pipelines.storage.retention_clock import LONGEST_REST, distrust, trust_clock
from tests.integration.delivery_home import HEADER, LOADED, SECRET, Home
from tests.integration.publishing_home import Home as PublishingHome

SEEN = LOADED.replace(tzinfo=UTC)
TEN_DAYS = "slaProperties: [{property: retention, value: 10, unit: d}]"
SNAPSHOT = f"{TEN_DAYS}\ncustomProperties: [{{property: deliveryMode, value: snapshot}}, {{property: shrinkLimit, value: 1}}]"
FIRST = (
    HEADER
    + f"9,{SECRET},2026-01-01\n"
    + "".join(f"{n},x,2026-01-01\n" for n in range(11, 20))
    + "8,y,no day\n"
)


def row(number: int, name: str = "z") -> str:
    return HEADER + f"{number},{name},2026-01-01\n"


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("UCV_MIN_FREE_BYTES", "0")
    return Home(tmp_path / "home")


def take(
    home: Home, days: float, files: dict[str, str], more: str = TEN_DAYS, source: str = "list"
) -> tuple[int, int]:
    """Deliver `files` alone; the accepted and duplicate rows that came of it."""
    for path in home.landing(source).glob("*"):
        path.unlink()
    found = home.take(home.source(source, dict(files), more=more), LOADED + timedelta(days=days))
    return sum(report.accepted for report in found), sum(report.duplicate for report in found)


def expire(home: Home, days: float) -> dict[str, Expired]:
    return expire_raw(load_contracts(home.root), home.root, SEEN + timedelta(days=days))


def contents(home: Home) -> dict[str, bytes]:
    return {
        str(path.relative_to(home.root)): path.read_bytes() for path in home.root.rglob("*") if path.is_file()
    }


def numbers(home: Home) -> set[str]:
    return {str(number) for (number,) in home.rows("source_record_id")}


def test_rows_rejects_and_originals_go_when_their_term_has_passed_and_nothing_else(home: Home) -> None:
    take(home, 0, {"a.csv": FIRST})
    take(home, 0, {"other.csv": row(1)}, more="", source="without_a_term")
    take(home, 5, {"b.csv": row(30)})
    before = contents(home)
    assert expire(home, 9.9) == {}
    assert contents(home) == before
    assert expire(home, 10) == {"list": Expired(deliveries=1, rows=10, rejected=1)}
    after = contents(home)
    first = next(m for m in list_deliveries(home.root) if m["file_name"] == "a.csv")
    stem = f"registration/list/{first['delivery_id']}"
    gone = {f"raw/{stem}.parquet", f"raw/{stem}.original", f"quarantine/{stem}.parquet"}
    assert set(before) - set(after) == gone
    assert set(after) - set(before) == {RETENTION_LOG.as_posix()}
    assert {name for name in before.keys() & after.keys() if before[name] != after[name]} == {
        f"raw/{stem}.json",
        f"raw/{stem}.json.copy",
    }
    assert numbers(home) == {"1", "30"}
    assert unverified(home.root) == []
    assert expire(home, 11) == {}


def test_what_went_is_told_in_state_and_by_the_manifest_without_a_value(home: Home) -> None:
    take(home, 0, {"a.csv": FIRST})
    before = list_deliveries(home.root)[0]
    expire(home, 12)
    (line,) = read_lines(home.root / RETENTION_LOG)
    assert (line["accepted"], line["quarantined"], line["retention_days"]) == (10, 1, 10)
    (manifest,) = list_deliveries(home.root)
    told = {name: value for name, value in manifest.items() if name != "checksum"}
    expired = {**before, "expired_at": (SEEN + timedelta(days=12)).isoformat()}
    assert told == {name: value for name, value in expired.items() if name != "checksum"}
    assert manifest["rows_in"] == manifest["accepted"] + manifest["quarantined"] + manifest["duplicate"]
    assert SECRET not in json.dumps([line, manifest], ensure_ascii=False)
    with pytest.raises(UcvError, match="nothing to claim"):
        write_claims(load_contracts(home.root).contracts[0], home.settings, home.keys)


def test_the_same_bytes_again_are_known_and_leave_landing(home: Home) -> None:
    take(home, 0, {"a.csv": FIRST})
    expire(home, 10)
    assert take(home, 11, {"again.csv": FIRST}) == (0, 0)
    assert numbers(home) == set()
    assert len(list_deliveries(home.root)) == 1
    cleaned = clean_landing(
        load_contracts(home.root), home.settings, home.keys, [SEEN], SEEN + timedelta(days=12)
    )
    assert cleaned.removed == {"list": 1}
    assert take(home, 12, {"new bytes.csv": row(9)}) == (1, 0), (
        "delivered anew by other bytes, it is there anew"
    )


def test_a_row_that_comes_again_after_half_of_its_term_lives_on(home: Home) -> None:
    take(home, 0, {"a.csv": FIRST})
    assert take(home, 4, {"b.csv": row(11, "x")}) == (0, 1)
    assert take(home, 6, {"c.csv": row(12, "x")}) == (1, 0)
    assert take(home, 7, {"d.csv": row(12, "x") + "77,new,2026-01-01\n"}) == (1, 1), "its term runs anew"
    expire(home, 10)
    assert numbers(home) == {"12", "77"}


def test_a_snapshot_closes_nothing_twice_and_keeps_what_it_still_lists(home: Home) -> None:
    both, one = HEADER + "1,a,2026-01-01\n2,b,2026-01-01\n", row(1, "a")
    take(home, 0, {"a.csv": both}, SNAPSHOT)
    assert take(home, 6, {"b.csv": one}, SNAPSHOT) == (1, 0)
    assert expire(home, 10) == {"list": Expired(1, 2, 0)}
    assert home.rows("source_record_id, operation") == [("1", "upsert"), ("2", "close")]
    assert take(home, 11, {"c.csv": row(3, "c")}, SNAPSHOT) == (1, 0)
    assert home.rows("source_record_id, operation")[1:] == [("1", "upsert"), ("2", "close"), ("3", "upsert")]


def test_without_a_readable_contract_nothing_goes(home: Home) -> None:
    take(home, 0, {"a.csv": FIRST})
    path = home.root / "contracts" / "list.yml"
    path.write_text(path.read_text("utf-8").replace("full_name", "fulname"), "utf-8")
    assert expire(home, 9999) == {}
    assert len(numbers(home)) == 10


@pytest.mark.parametrize("place", ["log", "manifest", "first file", "second file"])
def test_a_night_that_is_killed_within_is_finished_by_the_next(
    place: str, home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    take(home, 0, {"a.csv": FIRST})
    count = 0

    def dies(*_: object, **__: object) -> None:
        nonlocal count
        count += 1
        if count == (2 if place == "second file" else 1):
            raise KeyboardInterrupt

    if place in ("log", "manifest"):
        name = {"log": "append_line", "manifest": "write_manifest"}[place]
        monkeypatch.setattr(f"pipelines.ingest.raw_retention.{name}", dies)
    else:
        real = Path.unlink
        monkeypatch.setattr(Path, "unlink", lambda path, missing_ok=False: dies() or real(path, missing_ok))
    with pytest.raises(KeyboardInterrupt):
        expire(home, 10)
    monkeypatch.undo()
    assert numbers(home) in (set(), {"9", *map(str, range(11, 20))}), "readers of raw see all of it or none"
    expire(home, 11)
    assert numbers(home) == set()
    assert len(read_lines(home.root / RETENTION_LOG)) == 1
    left = {path.suffix for folder in ("raw", "quarantine") for path in (home.root / folder).rglob("*.*")}
    assert left == {".json", ".copy"}


def test_a_clock_is_trusted_after_a_rest_and_not_after_a_leap(tmp_path: Path) -> None:
    recorded = [SEEN]
    assert distrust(tmp_path, SEEN + LONGEST_REST, lambda: recorded) is None
    later = SEEN + 2 * LONGEST_REST
    assert distrust(tmp_path, later, lambda: recorded) is None, "from night to night"
    leapt = later + timedelta(days=3650)
    recorded.append(leapt)  # what the run itself records
    for night in range(3):
        why = distrust(tmp_path, leapt + timedelta(days=night), lambda: recorded)
        assert why is not None
        assert "--trust-clock" in why
    assert distrust(tmp_path, later + timedelta(days=1), lambda: recorded) is None, "set right again"
    trust_clock(tmp_path, leapt)
    assert distrust(tmp_path, leapt + timedelta(days=1), lambda: recorded) is None
    assert distrust(tmp_path, SEEN, lambda: recorded) is None, "an earlier clock removes less"


def test_a_home_that_remembers_no_clock_goes_by_what_it_recorded(tmp_path: Path) -> None:
    leapt = SEEN + timedelta(days=3650)
    recorded = [SEEN, leapt]  # this very run stamps what it loads with its own moment
    assert distrust(tmp_path, leapt, lambda: recorded) is not None
    assert distrust(tmp_path, leapt + timedelta(days=1), lambda: recorded) is not None, "nor a day later"
    assert distrust(tmp_path / "new", leapt, list) is None, "an empty home has nothing to lose"


def night(home: Home, at: datetime, monkeypatch: pytest.MonkeyPatch) -> tuple[str, bool]:
    """Raw and `changes` as a run of Dagster on a machine whose clock says `at`; what the terminal is told, and if there is news."""
    begun = RunStart.of
    monkeypatch.setattr(RunStart, "of", lambda context: replace(begun(context), started_at=at))
    source = load_contracts(home.root).contracts[0].id
    result = dg.materialize(
        [*raw_assets(load_contracts(home.root)), changes_asset([raw_key(source)])],
        resources={"nightly": Nightly(home=str(home.root))},
        instance=dg.DagsterInstance.ephemeral(),
        tags={AS_OF_TAG: "2026-01-02"},
    )
    assert result.success
    paper = io.StringIO()
    tell_deliveries(result, Console(file=paper, width=80))
    made = [event.asset_key for event in result.all_events if event.is_step_materialization]
    return paper.getvalue(), CHANGES_KEY in made


def test_a_quiet_night_removes_tells_and_asks_for_a_build(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    take(home, 0, {"a.csv": FIRST})
    see_everything(home)
    given_up: list[Path] = []
    monkeypatch.setattr(tidy, "give_up", given_up.append)
    assert night(home, SEEN + timedelta(days=6), monkeypatch) == ("", False), "the control: nothing is due"
    assert not given_up
    told, is_news = night(home, SEEN + timedelta(days=10), monkeypatch)
    assert given_up == [home.root], "a copied build would keep the bytes"
    assert "list: 1 delivery with 10 rows removed" in told
    assert is_news, "the view must forget them, too"
    assert numbers(home) == set()


def test_a_clock_set_forward_by_years_empties_no_home_until_somebody_confirms_it(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    take(home, 0, {"a.csv": FIRST})
    night(home, SEEN + timedelta(days=1), monkeypatch)
    leapt = SEEN + timedelta(days=3650)
    for turn in range(2):
        told, _ = night(home, leapt + timedelta(days=turn), monkeypatch)
        assert told.count("nothing was removed for its age") == 1
        assert len(numbers(home)) == 10
        assert [path.name for path in home.landing("list").iterdir()] == ["a.csv"]
    trust_clock(home.root, leapt)
    night(home, leapt + timedelta(days=2), monkeypatch)
    assert numbers(home) == set()


def test_the_command_lists_what_is_due_and_removes_nothing(home: Home) -> None:
    take(home, 0, {"a.csv": FIRST})
    take(home, 0, {"other.csv": row(1)}, more="", source="without_a_term")
    told = CliRunner().invoke(app, ["retention", "--trust-clock", "--home", str(home.root)])
    assert told.exit_code == 0, told.output
    assert "past their term: 1 delivery of list with 10 rows and 1 rejected" in told.output
    assert "kept without a term, since their contracts state no retention: without_a_term" in told.output
    assert len(numbers(home)) == 11
    assert distrust(home.root, datetime.now(UTC), lambda: [SEEN]) is None


def see_everything(home: Home) -> None:
    """Let readers see a version that is made of what lies in raw now."""
    from pipelines.publishing.fingerprint import input_fingerprint  # noqa: PLC0415

    maker = PublishingHome(home.root)
    maker.keys, maker.settings = home.keys, home.settings
    fingerprint = input_fingerprint(home.settings, as_of=date(2026, 1, 2))
    publish(
        maker.build(1, ledger=False), home.settings, home.keys, now=SEEN, as_of=date(2026, 1, 2), run_id="r1",
        fingerprint=fingerprint, verdicts=[],
    )  # fmt: skip


def test_the_newest_reports_and_those_of_kept_versions_stay(home: Home) -> None:
    see_everything(home)
    for number in range(1, 8):
        folder = home.root / "docs" / f"r{number}"
        folder.mkdir()
        (folder / "index.html").write_text("x")
        os.utime(folder, (number, number))
    (home.root / "docs" / ".going-r0").mkdir()  # a kill left it
    (home.root / "docs" / "note.txt").write_text("somebody's")
    assert prune_reports(home.root, 3) == ["r2", "r3", "r4"]
    assert sorted(path.name for path in (home.root / "docs").iterdir()) == [
        "note.txt",
        "r1",
        "r5",
        "r6",
        "r7",
    ]
    assert prune_reports(home.root, 3) == []


@dg.asset
def made() -> None: ...


def test_runs_past_their_term_go_with_their_files_and_younger_ones_stay(tmp_path: Path) -> None:
    ensure_instance(tmp_path)
    folder = tmp_path / "dagster"
    with dg.DagsterInstance.from_config(str(folder)) as instance:
        old = [dg.materialize([made], instance=instance).run_id for _ in range(2)]
        assert forget_runs(instance, datetime.now(UTC) - timedelta(days=1)) == []
        moment = datetime.now(UTC)
        young = dg.materialize([made], instance=instance).run_id
        assert forget_runs(instance, moment) == old
        assert [run.run_id for run in instance.get_runs()] == [young]
        assert instance.all_logs(young)
        assert len(instance.fetch_materializations(dg.AssetKey("made"), limit=9).records) == 1
        left = {path.name.split(".")[0] for path in (folder / "history" / "runs").iterdir()}
        assert left == {"index", young}
        assert instance.all_logs(old[0]) == []
        again = dg.materialize([made], instance=instance).run_id
        assert instance.all_logs(again)
