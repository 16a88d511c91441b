"""`ucv erase` in a home as it is used: who is erased leaves every place, everybody else stays with his id, and nobody comes back."""

from __future__ import annotations

import hashlib
import json
import shutil
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from erasure_home import (
    CHILD,
    CLEAR,
    FATHER,
    HOME_PHONE,
    MOTHER,
    ONLY_HIS,
    clear_texts,
    customer,
    first,
    home,
    ids,
    nights_in,
    places_of,
    sale,
    take_again,
    web,
)
from small_night import night, query
from typer.testing import CliRunner

from pipelines.cli import app
from pipelines.command.correct import CorrectionError, correct
from pipelines.command.erase import erase
from pipelines.command.erase_who import UnknownTargetError
from pipelines.command.erased_people import erased_people
from pipelines.command.verify import verify
from pipelines.contracts.load import load_contracts
from pipelines.errors import SettingsError
from pipelines.ingest.retaking import Days, retake_source
from pipelines.privacy.receipts import Receipt, read_receipts
from pipelines.settings import Settings, load_settings
from pipelines.storage import durable
from pipelines.storage.connection import open_connection
from pipelines.storage.keys import load_keys

__all__ = ["first", "home"]
NOW = datetime(2031, 3, 2, 9, tzinfo=UTC)
FATHERS = ("web:w-father", "shop:s-father", "list:l-father")


def erase_father(settings: Settings) -> Receipt:
    keys = load_keys(settings)
    (receipt,) = erase(settings, keys, [customer(settings, FATHERS[0])], by="officer", reason="R-1", now=NOW)
    return receipt


def ucv(settings: Settings, *words: str, code: int = 0) -> str:
    ended = CliRunner().invoke(app, [*words, "--home", str(settings.home)], env={"COLUMNS": "400"})
    assert ended.exit_code == code, (ended.output, ended.exception)
    assert not any(value in ended.output for value in (*CLEAR, HOME_PHONE))
    return ended.output


def tree(root: Path) -> dict[str, str]:
    return {
        path.relative_to(root).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(root.rglob("*"))
        if path.is_file() and not path.is_symlink() and not path.name.startswith(".run.lock")
    }


def test_one_of_a_family_leaves_every_place_and_the_others_stay_with_their_ids(home: Settings) -> None:
    before = ids(home)
    assert len({before[record] for record in FATHERS}) == 1, "one customer of three sources"
    family = {before[record] for record in (FATHERS[0], "web:w-mother", "web:w-child", "web:w-namesake")}
    assert len(family) == 4
    held = places_of(home, ONLY_HIS)
    for place in (
        "landing/",
        "raw/",
        "quarantine/",
        "warehouse/versions/",
        "warehouse/builds/",
        "warehouse/standardised/",
    ):
        assert any(name.startswith(place) for name in held), f"the control finds him in {place}"
    receipt = erase_father(home)
    assert places_of(home, ONLY_HIS) == {}
    assert ids(home) == {record: one for record, one in before.items() if record not in FATHERS}
    assert verify(home, load_keys(home), repair=False) == []
    assert {"landing", "raw", "versions", "builds", "standardised values"} <= {
        p for p, n in receipt.places.items() if n
    }
    assert sum(receipt.places["raw"].values()) == 4, "three records and a rejected row"
    assert not any(value in receipt.path.read_text("utf-8") for value in (*CLEAR, HOME_PHONE))


def test_originals_taken_again_and_repaired_rows_do_not_bring_anybody_back(home: Settings) -> None:
    erase_father(home)
    for path in (home.home / "raw").rglob("*.parquet"):
        path.write_bytes(b"x")
    findings = verify(home, load_keys(home), repair=True)
    assert findings
    assert all(finding.is_restored for finding in findings), findings
    assert places_of(home, ONLY_HIS) == {}
    contracts, days = load_contracts(home.home).contracts, Days(date(2020, 1, 1), None, home.time_zone)
    with open_connection(home, load_keys(home)) as conn:
        people = erased_people(home, load_keys(home))
        reports = [retake_source(one, home, load_keys(home), days, conn, people) for one in contracts]
    assert {delivery.status for report in reports for delivery in report.deliveries} == {"unchanged"}
    assert places_of(home, ONLY_HIS) == {}


def test_a_target_that_names_nobody_changes_nothing(home: Settings) -> None:
    before = tree(home.home)
    for target in ("C0000000000000", "web:nobody", "", "李建国"):
        with pytest.raises(UnknownTargetError):
            erase(home, load_keys(home), [customer(home, FATHERS[0]), target], by="officer", reason="R-1")
    assert tree(home.home) == before
    assert "name nobody" not in ucv(home, "status")


def test_an_erasure_may_be_asked_for_again(home: Settings) -> None:
    who = customer(home, FATHERS[0])
    erase_father(home)
    before = tree(home.home)
    assert erase(home, load_keys(home), [who], by="officer", reason="again") == []
    assert tree(home.home) == before


def test_who_was_in_an_export_leaves_the_file_kept_here_and_the_receipt_names_it(home: Settings) -> None:
    words = ("export", "everybody", "--channel", "email", "--purpose", "marketing", "--hold-out", "0")
    forms = {"plain": "csv", "table": "parquet", "sheet": "spreadsheet", "hashed": "hashed"}
    (home.home / "receivers").mkdir()
    (home.home / "receivers" / "platform.yml").write_text(
        "{role: processor, country: CN, contract: C-1}", "utf-8"
    )
    for name, form in forms.items():
        ucv(home, *words, "--format", form, "--export-id", name, "--to", "platform")
    digest = hashlib.sha256(FATHER["email"].encode()).hexdigest()
    wanted = (*ONLY_HIS, digest)
    lines = {path.name: path.read_bytes().count(b"\n") for path in (home.home / "exports").rglob("*.csv")}
    assert {
        name.partition("/")[2].partition("/")[0]
        for name in places_of(home, wanted)
        if name.startswith("exports/")
    } == {*forms}
    receipt = erase_father(home)
    assert places_of(home, wanted) == {}
    assert {name.partition("/")[0] for name in receipt.places["exports"]} == {*forms}
    left = {path.name: path.read_bytes().count(b"\n") for path in (home.home / "exports").rglob("*.csv")}
    assert left == {name: count - 1 for name, count in lines.items()}, "nobody else left a file"
    for name, form in forms.items():
        assert "gone" not in ucv(home, *words, "--format", form, "--export-id", name, "--to", "platform"), (
            "the same export again"
        )
    assert verify(home, load_keys(home), repair=False) == []


STEPS = ("receipt", "tombstones", "exports", "builds", "raw", "done")


class Killed(BaseException):
    """As if the process had ended here."""


@pytest.mark.parametrize("step", STEPS)
def test_an_erasure_that_was_cut_short_is_finished_by_the_next(home: Settings, step: str) -> None:
    def stop(reached: str) -> None:
        if reached == step:
            raise Killed

    who = customer(home, FATHERS[0])
    with pytest.raises(Killed):
        erase(home, load_keys(home), [who], by="officer", reason="R-1", now=NOW, on_step=stop)
    is_begun = step not in ("receipt", "tombstones")
    finished = erase(home, load_keys(home, to_erase=True), [], by="officer", reason="finish")
    assert len(finished) == is_begun
    if not is_begun:
        assert erase_father(home).is_done
    assert all(receipt.is_done for receipt in read_receipts(home.home))
    assert places_of(home, ONLY_HIS) == {}
    assert verify(home, load_keys(home), repair=False) == []


@pytest.mark.long
@pytest.mark.parametrize("after", [1, 2, 3, 6])
def test_a_kill_between_two_files_is_finished_too(
    home: Settings, after: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever file is put in place next, never comes."""
    who, count = customer(home, FATHERS[0]), 0

    def write(path: Path, content: bytes | str) -> None:
        nonlocal count
        count += 1
        if count >= after:
            raise Killed
        real(path, content)

    real = durable.write_file
    with monkeypatch.context() as patch:
        for module in ("ingest.manifests", "publishing.version"):
            patch.setattr(f"pipelines.{module}.write_file", write)
        with pytest.raises(Killed):
            erase(home, load_keys(home), [who], by="officer", reason="R-1", now=NOW)
    assert len(erase(home, load_keys(home), [], by="officer", reason="finish")) == 1
    assert places_of(home, ONLY_HIS) == {}
    assert verify(home, load_keys(home), repair=False) == []
    (receipt,) = read_receipts(home.home)
    assert sum(receipt.places["raw"].values()) == 4


def test_a_restored_backup_loses_whom_it_should_not_hold_before_anybody_reads_it(
    home: Settings, tmp_path: Path
) -> None:
    ucv(home, "backup", str(tmp_path / "before.tar"))
    erase_father(home)
    told = CliRunner().invoke(
        app, ["restore", str(tmp_path / "before.tar"), "--home", str(tmp_path / "copy" / "back")]
    )
    assert told.exit_code == 0, told.output
    back = load_settings(tmp_path / "copy" / "back")
    assert places_of(back, ONLY_HIS) == {}
    assert any("王秀兰" in text for _, text in clear_texts(back)), "the others came back"


def test_without_its_key_a_restored_home_is_read_by_nobody_until_the_erased_have_left(
    home: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ucv(home, "backup", str(tmp_path / "before.tar"))
    erase_father(home)
    key, stones = home.key_path, home.key_path.with_suffix(".tombstones.jsonl")
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "elsewhere"))
    words = [
        "restore",
        str(tmp_path / "before.tar"),
        "--tombstones",
        str(stones),
        "--home",
        str(tmp_path / "back"),
    ]
    assert CliRunner().invoke(app, words).exit_code == 0
    back = load_settings(tmp_path / "back")
    shutil.copy(key, back.key_path)
    with pytest.raises(SettingsError, match="ucv erase"):
        load_keys(back)
    asked = CliRunner().invoke(app, ["query", "SELECT 1", "--home", str(back.home)])
    assert isinstance(asked.exception, SettingsError)
    assert CliRunner().invoke(app, ["erase", "--home", str(back.home)]).exit_code == 0
    assert places_of(back, ONLY_HIS) == {}
    load_keys(back)


def test_neither_a_redelivery_nor_a_rebuild_of_everything_brings_him_back(home: Settings) -> None:
    before = ids(home)
    ucv(
        home,
        "correct",
        before["web:w-mother"],
        "email=right.one@mail.example.cn",
        "--name",
        "o",
        "--reason",
        "C-1",
    )
    erase_father(home)
    pinyin = {**FATHER, "full_name": "LI Jian Guo", "email": "", "birth_date": ""}
    take_again(home, "web", "second.csv", [web("new-1", pinyin), web("new-2", MOTHER), web("new-3", CHILD)])
    take_again(
        home, "shop", "second.csv", [sale("new-4", "李建國", f"+86 {HOME_PHONE[:3]}-{HOME_PHONE[3:]}")]
    )
    outcome, told = night(home, full_refresh=True)
    assert outcome.success, told
    after = ids(home)
    (correction,) = [record for record in after if record.startswith("corrections:")]
    assert after.pop(correction) == before["web:w-mother"]
    mailbox = f"SELECT email FROM customers WHERE customer_id = '{before['web:w-mother']}'"
    assert query(home, mailbox) == [("right.one@mail.example.cn",)], "over two newer deliveries of the source"
    assert (after.pop("web:new-2"), after.pop("web:new-3")) == (before["web:w-mother"], before["web:w-child"])
    assert after == {record: one for record, one in before.items() if record not in FATHERS}
    assert places_of(home, (*ONLY_HIS, "LI Jian Guo")) == {}
    assert not (home.home / "landing" / "web" / "second.csv").exists(), "a file that holds him does not wait"
    (count,) = query(home, "SELECT count(*) FROM customers WHERE display_name LIKE '%建国%'")
    assert count == (1,), "his namesake"
    assert verify(home, load_keys(home), repair=False) == []


def test_a_person_is_answered_with_all_that_is_kept_and_nothing_of_others(home: Settings) -> None:
    ucv(
        home,
        "export",
        "everybody",
        "--channel",
        "email",
        "--purpose",
        "marketing",
        "--hold-out",
        "0",
        "--export-id",
        "one",
    )
    who = customer(home, FATHERS[0])
    ucv(home, "subject-access", FATHERS[1], "--name", "officer", "--reason", "A-1")
    folder = home.home / "exports" / "subject_access" / who
    told = json.loads((folder / "data.json").read_text("utf-8"))
    assert [(one["source"], one["row"]["full_name"]) for one in told["deliveries"]] == [
        ("list", "李建國"), ("web", "李建国"), ("shop", "Li Jianguo"),
    ]  # fmt: skip
    assert [one["reasons"] for one in told["rejected"]] == ["missing_key:source_record_id"]
    assert [one["export_id"] for one in told["exports"]] == ["one"]
    assert told["deliveries"][0]["acquisition_mode"] == "purchase"
    (golden,) = told["tables"]["golden.customers"]
    assert golden["birth_date"] == FATHER["birth_date"]
    assert {"web", "shop"} <= {row["source_system"] for row in told["tables"]["golden.customer_values"]}
    for text in ((folder / "page.html").read_text("utf-8"), json.dumps(told, ensure_ascii=False)):
        assert all(value in text for value in CLEAR)
        assert not any(
            other[name] in text for other in (MOTHER, CHILD) for name in ("full_name", "email", "birth_date")
        )
    assert (folder / "page.html").stat().st_mode & 0o077 == 0
    ucv(home, "subject-access", "web:nobody", "--name", "officer", "--reason", "A-1", code=1)
    erase_father(home)
    assert not folder.exists(), "an answer is a copy, too"
    ucv(home, "subject-access", who, "--name", "officer", "--reason", "A-2", code=1)


def test_a_correction_of_nobody_or_of_nonsense_is_refused(home: Settings) -> None:
    before = tree(home.home)
    mother = customer(home, "web:w-mother")
    for told in (
        ["C000", "email=a@mail.example.cn"],
        [mother, "email=nonsense"],
        [mother, "shoe=42"],
        [mother, "phone="],
    ):
        with pytest.raises(CorrectionError):
            correct(home, load_keys(home), told[0], told[1:], by="o", reason="C-1")
    assert tree(home.home) == before


def test_tombstones_hold_no_value_and_a_changed_one_stops_everything(home: Settings) -> None:
    erase_father(home)
    path = home.home / "state" / "erasures" / "tombstones.jsonl"
    told = json.loads(path.read_text("utf-8"))
    assert told["pepper"] == 1
    assert told["normaliser"] == 1
    assert not any(value in path.read_text("utf-8") for value in (*CLEAR, HOME_PHONE))
    told["naming"] = told["naming"][1:]
    path.write_text(json.dumps(told) + "\n", encoding="utf-8")
    assert [finding.what for finding in verify(home, load_keys(home, to_erase=True), repair=False)] == [
        "erasures"
    ]


def test_copies_of_the_home_are_not_read_either(home: Settings, tmp_path: Path) -> None:
    shutil.copytree(home.home, tmp_path / "copy" / "other", symlinks=True)
    erase_father(home)
    with nights_in(tmp_path / "copy" / "other") as other, pytest.raises(SettingsError, match="still holds"):
        load_keys(other)
