"""What an export spends is spent once: repeated, killed, two at once, tampered with; and versions from which nothing leaves."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from exports_home import DAY, LEASE_END, PEOPLE, signs
from small_night import query

from pipelines.command.export import Outcome, export
from pipelines.command.verify import verify
from pipelines.errors import GateError, PublishError
from pipelines.exports.ledger import LedgerError, ledger_folder, ledger_path, read_ledger
from pipelines.exports.receivers import Receiver
from pipelines.exports.request import ExportError, Request
from pipelines.publishing.fingerprint import input_fingerprint
from pipelines.publishing.layout import DATABASE, version_dir
from pipelines.publishing.version import Manifest, current_manifest, read_manifest, write_manifest
from pipelines.settings import PROJECT_ROOT, Settings, load_settings
from pipelines.storage.checksums import with_checksum
from pipelines.storage.connection import open_connection, read_parquet_sql
from pipelines.storage.keys import load_keys

REQUEST = Request("one", "everybody", "", "email", "marketing", "csv", "spring", DAY, 0.0, None)
PLATFORM = Receiver("platform", "Advertising platform", "processor", "CN", "C-1", None)
LEASED = signs("lease_only")["email"]


def make(settings: Settings, request: Request = REQUEST, **words: object) -> Outcome:
    return export(settings, load_keys(settings), request, **words)  # type: ignore[arg-type]


def sent(outcome: Outcome) -> set[str]:
    assert outcome.path is not None
    return {line.rsplit(",", 1)[1] for line in outcome.path.read_text("utf-8").splitlines()[1:]}


def test_the_same_id_is_the_same_export(exports_copy: Settings) -> None:
    first = make(exports_copy)
    content = first.path.read_bytes() if first.path else b""
    again = make(exports_copy)
    assert (again.is_repeated, again.path, again.entry) == (True, first.path, first.entry)
    assert again.path is not None
    assert again.path.read_bytes() == content
    assert len(read_ledger(exports_copy.home, load_keys(exports_copy).tokeniser())) == 1
    for changes in (
        {"channel": "sms"},
        {"cap": 2},
        {"hold_out": 0.1},
        {"campaign": "summer"},
        {"form": "spreadsheet"},
    ):
        with pytest.raises(ExportError, match=f"another {next(iter(changes))}"):
            make(exports_copy, replace(REQUEST, **changes))  # type: ignore[arg-type]
    segment = exports_copy.home / "segments" / "everybody.yml"
    segment.write_text("title: Everybody\nwhere: {field: order_count, at_least: -1}\n", "utf-8")
    with pytest.raises(ExportError, match="another audience_hash"):
        make(exports_copy)


def test_a_file_that_was_changed_is_not_made_again(exports_copy: Settings) -> None:
    path = make(exports_copy).path
    assert path is not None
    path.write_bytes(path.read_bytes() + b"x")
    with pytest.raises(LedgerError, match="gone or was changed"):
        make(exports_copy)


def test_a_use_is_spent_once_and_only_by_the_source_that_counts_it(exports_copy: Settings) -> None:
    dry = make(exports_copy, dry_run=True)
    assert dry.path is None
    assert not ledger_path(exports_copy.home).exists()
    first, second = make(exports_copy), make(exports_copy, replace(REQUEST, export_id="two"))
    assert first.entry["charged"] == dry.entry["charged"] == {"lease": 2}
    assert second.entry["charged"] == {}
    assert second.entry["drops"]["uses_spent"] == 2
    assert LEASED in sent(first) - sent(second)
    assert signs("lease_and_web")["email"] in sent(first) & sent(second)
    # by another channel it is another value of the same list
    assert make(exports_copy, replace(REQUEST, export_id="calls", channel="phone")).entry["charged"] == {
        "lease": 2
    }


def test_held_out_people_spend_nothing(exports_copy: Settings) -> None:
    entry = make(exports_copy, replace(REQUEST, hold_out=0.999999)).entry
    assert (entry["charged"], entry["rows"] - entry["decoys"], entry["drops"]["hold_out"]) == ({}, 0, 34)
    assert make(exports_copy, replace(REQUEST, export_id="two")).entry["charged"] == {"lease": 2}


@pytest.mark.parametrize("step", ["members", "ledger", "place"])
def test_a_kill_leaves_no_file_and_the_same_command_finishes(exports_copy: Settings, step: str) -> None:
    def die(at: str) -> None:
        if at == step:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        make(exports_copy, on_step=die)
    folder = exports_copy.home / "exports"
    assert not (folder / "one").exists()
    other = make(exports_copy, replace(REQUEST, export_id="other"))
    # what a cut export may have spent stays spent for others; where it had spent nothing, it is theirs
    assert (LEASED in sent(other)) == (step == "members")
    finished = make(exports_copy)
    assert (LEASED in sent(finished)) != (LEASED in sent(other))
    assert len(read_ledger(exports_copy.home, load_keys(exports_copy).tokeniser())) == 2
    assert sorted(path.name for path in folder.iterdir()) == ["one", "other"]


def test_two_processes_at_once_do_not_overspend(exports_copy: Settings) -> None:
    words = [
        "--channel",
        "email",
        "--purpose",
        "marketing",
        "--hold-out",
        "0",
        "--home",
        str(exports_copy.home),
    ]
    environment = {**os.environ, "PYTHONPATH": str(PROJECT_ROOT)}
    running = [
        subprocess.Popen(
            [sys.executable, "-m", "pipelines.cli", "export", "everybody", "--export-id", name, *words],
            env=environment, cwd=PROJECT_ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        ) for name in ("left", "right", "third")
    ]  # fmt: skip
    told = [process.communicate(timeout=300)[0] for process in running]
    assert [process.returncode for process in running] == [0, 0, 0], told
    files = [exports_copy.home / "exports" / name / f"{name}.csv" for name in ("left", "right", "third")]
    assert sum(LEASED in path.read_text("utf-8") for path in files) == 1
    assert (
        sum(
            line["charged"].get("lease", 0)
            for line in read_ledger(exports_copy.home, load_keys(exports_copy).tokeniser())
        )
        == 2
    )


def spoil_line(home: Path) -> None:
    text = ledger_path(home).read_text("utf-8")
    ledger_path(home).write_text(text.replace('"rows": ', '"rows": 1', 1), "utf-8")


def drop_first_line(home: Path) -> None:
    lines = ledger_path(home).read_text("utf-8").splitlines(keepends=True)
    ledger_path(home).write_text("".join(lines[1:]), "utf-8")


def drop_members(home: Path) -> None:
    next(ledger_folder(home).glob("000001-*.parquet")).unlink()


def forge_line(home: Path, place: int) -> None:
    """A line changed with a checksum of its own."""
    lines = [json.loads(line) for line in ledger_path(home).read_text("utf-8").splitlines()]
    lines[place] = with_checksum({**lines[place], "rows": 0})
    ledger_path(home).write_text("".join(json.dumps(line) + "\n" for line in lines), "utf-8")


def forge_first_line(home: Path) -> None:
    forge_line(home, 0)


def forge_last_line(home: Path) -> None:
    forge_line(home, -1)


def take_line_of_another_ledger(home: Path) -> None:
    """A line that the same key sealed, in a ledger that went another way."""
    lines = [json.loads(line) for line in ledger_path(home).read_text("utf-8").splitlines()]
    shutil.move(ledger_folder(home), home / "kept")
    shutil.rmtree(home / "exports")
    settings = load_settings(home)
    for name in ("other", "two"):
        make(settings, replace(REQUEST, export_id=name))
    other = ledger_path(home).read_text("utf-8").splitlines()[1]
    shutil.rmtree(ledger_folder(home))
    shutil.move(home / "kept", ledger_folder(home))
    ledger_path(home).write_text(json.dumps(lines[0]) + "\n" + other + "\n", "utf-8")


def turn_lines(home: Path) -> None:
    lines = ledger_path(home).read_text("utf-8").splitlines(keepends=True)
    ledger_path(home).write_text("".join(reversed(lines)), "utf-8")


@pytest.mark.parametrize(
    "spoil",
    [
        spoil_line,
        drop_first_line,
        drop_members,
        turn_lines,
        forge_first_line,
        forge_last_line,
        take_line_of_another_ledger,
    ],
)
def test_nothing_leaves_by_a_ledger_that_was_tampered_with(exports_copy: Settings, spoil: object) -> None:
    for name in ("one", "two"):
        make(exports_copy, replace(REQUEST, export_id=name))
    spoil(exports_copy.home)  # type: ignore[operator]
    with pytest.raises(LedgerError):
        make(exports_copy, replace(REQUEST, export_id="three"))
    assert not (exports_copy.home / "exports" / "three").exists()
    assert [found.what for found in verify(exports_copy, load_keys(exports_copy), repair=False)] == [
        "export ledger"
    ]


def test_a_last_line_that_is_torn_gives_no_use_back(exports_copy: Settings) -> None:
    make(exports_copy)
    text = ledger_path(exports_copy.home).read_text("utf-8")
    ledger_path(exports_copy.home).write_text(text[:40], "utf-8")
    assert LEASED not in sent(make(exports_copy, replace(REQUEST, export_id="two")))


def manifest_with(settings: Settings, **changes: object) -> None:
    manifest = current_manifest(settings.home)
    assert manifest is not None
    write_manifest(
        version_dir(settings.home, manifest.version),
        Manifest(**{**{name: getattr(manifest, name) for name in manifest.__dataclass_fields__}, **changes}),
    )


@pytest.mark.parametrize("fault", ["missing", "red", "silent", "empty"])
def test_nothing_leaves_from_a_version_without_passing_verdicts(exports_copy: Settings, fault: str) -> None:
    manifest = current_manifest(exports_copy.home)
    assert manifest is not None
    verdicts = json.loads(json.dumps(list(manifest.verdicts)))
    if fault == "missing":
        verdicts = [verdict for verdict in verdicts if verdict["layer"] != "golden"]
    elif fault == "red":
        result = next(r for v in verdicts for r in v["results"] if r["name"] == "customers_kept")
        result["passed"] = False
    elif fault == "silent":
        verdicts[-1]["results"] = verdicts[-1]["results"][1:]
    else:
        verdicts = []
    manifest_with(exports_copy, verdicts=tuple(verdicts))
    with pytest.raises(GateError, match="no passing verdict"):
        make(exports_copy)
    assert not ledger_path(exports_copy.home).exists()


def test_nothing_leaves_from_a_damaged_or_an_old_version(
    exports_copy: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    late = replace(REQUEST, day=DAY + timedelta(days=8))
    with pytest.raises(PublishError, match="8 days before"):
        make(exports_copy, late)
    manifest = current_manifest(exports_copy.home)
    assert manifest is not None
    path = version_dir(exports_copy.home, manifest.version) / DATABASE
    with path.open("r+b") as file:
        file.seek(4096)
        file.write(b"damage")
    with pytest.raises(PublishError, match="damaged"):
        make(exports_copy)


def test_an_as_of_date_in_the_past_brings_no_lease_back(exports_copy: Settings) -> None:
    earlier = load_settings(exports_copy.home, as_of_date=DAY.replace(year=2020))
    assert earlier.export_day() > DAY.replace(year=2020)
    assert load_settings(exports_copy.home, as_of_date=LEASE_END).export_day() == LEASE_END


def test_an_export_is_no_news_for_the_next_night(exports_copy: Settings) -> None:
    before = input_fingerprint(exports_copy)
    make(exports_copy)
    assert input_fingerprint(exports_copy) == before


def test_state_names_nobody(exports_copy: Settings) -> None:
    make(exports_copy)
    (path,) = (exports_copy.home / "exports" / "one").iterdir()
    marks = [
        mark.encode() for person in PEOPLE for mark in (signs(person)["email"], signs(person)["full_name"])
    ]
    assert sum(mark in path.read_bytes() for mark in marks) > 10
    keys = load_keys(exports_copy)
    conn = open_connection(exports_copy, keys)
    for kept in ledger_folder(exports_copy.home).iterdir():
        opened = (
            str(conn.execute(f"SELECT * FROM {read_parquet_sql([kept])}").fetchall())
            if kept.suffix == ".parquet"
            else ""
        )
        content = kept.read_bytes() + opened.encode()
        assert not any(mark in content for mark in marks), kept.name
    ids = [row[0] for row in query(exports_copy, "SELECT customer_id FROM customers")]
    assert not any(customer_id.encode() in content for customer_id in ids)


def test_a_change_since_an_export_is_who_came_and_who_left(exports_copy: Settings) -> None:
    segment = exports_copy.home / "segments" / "everybody.yml"
    everybody = segment.read_text("utf-8")
    segment.write_text(
        "title: Older ones\nwhere: {any: [{field: age_years, at_least: 66}, {field: age_years, known: false}]}\n",
        "utf-8",
    )
    first = make(exports_copy)
    segment.write_text(everybody, "utf-8")
    later = replace(REQUEST, day=LEASE_END + timedelta(days=1))
    whole = sent(make(exports_copy, replace(later, export_id="whole")))
    change = make(exports_copy, replace(later, export_id="change", since="one"))
    own = {value for value in whole if "@seeds.example" not in value}
    old = {value for value in sent(first) if "@seeds.example" not in value}
    assert {value for value in sent(change) if "@seeds.example" not in value} == own - old
    assert change.entry["drops"]["sent_before"] == len(old & own) > 0
    named = {
        line.split(",")[2]: line.split(",")[0]
        for line in (first.path or Path()).read_text("utf-8").splitlines()
    }
    left = exports_copy.home / "exports" / "change" / "change-left.csv"
    assert set(left.read_text("utf-8").splitlines()[1:]) == {named[value] for value in old - own}
    assert {signs(person)["email"] for person in ("lease_only", "lease_echo")} <= old - own
    # a change of a change counts from both
    again = make(exports_copy, replace(later, export_id="again", since="change"))
    assert (again.entry["rows"] - again.entry["decoys"], again.entry["left"]) == (0, 0)
    assert again.entry["drops"]["sent_before"] == len(own)


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"since": "nothing"}, "--since is 'nothing'"),
        ({"since": "one", "channel": "sms"}, "has the channel email"),
        ({"since": "one", "purpose": "survey"}, "has the purpose marketing"),
        ({"since": "one", "form": "hashed", "receiver": PLATFORM}, "whole audiences"),
    ],
)
def test_a_change_needs_an_export_of_its_kind(
    exports_copy: Settings, changes: dict[str, str], told: str
) -> None:
    make(exports_copy)
    with pytest.raises(ExportError, match=told):
        make(exports_copy, replace(REQUEST, export_id="two", **changes))  # type: ignore[arg-type]


def test_a_stale_half_is_swept(exports_copy: Settings) -> None:
    half = exports_copy.home / "exports" / ".gone.half"
    half.mkdir(parents=True)
    (half / "gone.csv").write_text("left by a kill", "utf-8")
    make(exports_copy)
    assert not half.exists()
    shutil.rmtree(exports_copy.home / "exports")
    assert read_manifest(
        exports_copy.home,
        str(read_ledger(exports_copy.home, load_keys(exports_copy).tokeniser())[0]["version"]),
    )
