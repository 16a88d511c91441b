"""Rows of an erased person, however they are spelled, are left out when they come again; what merely resembles him waits."""

from __future__ import annotations

import shutil
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from contract_texts import contract_text
from delivery_home import LOADED
from erasure_home import CHILD, FATHER, HOME_PHONE, MOTHER, NAMESAKE, WEB, file_text, web
from small_night import deliver
from stored_rows import unverified

from pipelines.command.erase import EraseError, erase
from pipelines.command.erase_waiting import judge_another, judge_same, list_waiting
from pipelines.command.erase_who import UnknownTargetError
from pipelines.command.erased_people import erased_people
from pipelines.contracts.load import load_contracts
from pipelines.errors import SettingsError
from pipelines.ingest.claims import write_claims
from pipelines.ingest.manifests import list_deliveries
from pipelines.ingest.originals import is_original_intact
from pipelines.ingest.people import ERASED, RESEMBLES
from pipelines.ingest.raw_store import raw_relation_sql
from pipelines.ingest.report import DeliveryReport
from pipelines.ingest.retaking import Days, retake_source
from pipelines.ingest.source import ingest_source
from pipelines.privacy import erased as privacy
from pipelines.settings import Settings, load_settings
from pipelines.storage.connection import open_connection
from pipelines.storage.home import create_home
from pipelines.storage.keys import load_keys

NOW = datetime(2031, 3, 2, tzinfo=UTC)
FIELDS = [*WEB[:5], "national_id", *WEB[5:]]
NATIONAL_ID = "110105196105060014"


@pytest.fixture
def before(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """A home whose only source has the family; nothing is published yet."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    settings = create_home(tmp_path / "home")
    text = contract_text("web", "registration", "website", WEB)
    (settings.home / "contracts" / "web.yml").write_text(text, encoding="utf-8")
    family = [web("father", FATHER), web("mother", MOTHER), web("child", CHILD), web("namesake", NAMESAKE)]
    (report,) = take(settings, "first.csv", family)
    assert report.accepted == 4
    return settings


@pytest.fixture
def home(before: Settings) -> Settings:
    """The same after the father was erased."""
    erase(before, load_keys(before), ["web:father"], by="officer", reason="R-1", now=NOW)
    assert keys_of(before) == {"mother", "child", "namesake"}
    return before


def take(settings: Settings, name: str, lines: list[dict[str, str]]) -> list[DeliveryReport]:
    deliver(settings.home, "web", name, file_text("web", lines), LOADED.timestamp() + len(name))
    (contract,) = load_contracts(settings.home).contracts
    keys = load_keys(settings)
    reports = ingest_source(contract, settings, keys, LOADED, people=erased_people(settings, keys)).deliveries
    return [report for report in reports if report.file_name == name]


def keys_of(settings: Settings) -> set[str]:
    with open_connection(settings, load_keys(settings)) as conn:
        rows = conn.execute(
            f"SELECT source_record_id FROM ({raw_relation_sql(settings.home, 'registration')})"
        )
        return {str(row[0]) for row in rows.fetchall()}


def only(**values: str) -> dict[str, str]:
    return {**dict.fromkeys(("full_name", "phone", "email", "birth_date"), ""), **values}


HIS = {
    "under his old key, with nothing else": web("father", only(full_name="x y")),
    "number in another spelling, same name": web(
        "n", only(full_name="李建国", phone=f"+86 (0){HOME_PHONE[:3]} {HOME_PHONE[3:]}")
    ),
    "traditional characters": web("n", only(full_name="李建國", phone=HOME_PHONE)),
    "pinyin": web("n", only(full_name="Li Jianguo", phone=HOME_PHONE)),
    "pinyin, given name first, in words": web("n", only(full_name="JIAN GUO LI", phone=HOME_PHONE)),
    "number and birth date, another name": web(
        "n", only(full_name="老李头", phone=HOME_PHONE, birth_date="1961-05-06")
    ),
    "mailbox alone, in capitals": web("n", only(email=FATHER["email"].upper())),
    "mailbox and another name": web("n", only(full_name="Peter Pan", email=FATHER["email"])),
}
OTHERS = {
    "mother": web("n", MOTHER),
    "child, name and number alone": web("n", only(full_name=CHILD["full_name"], phone=HOME_PHONE)),
    "somebody new of the family": web(
        "n", only(full_name="李晓东", phone=HOME_PHONE, birth_date="1992-01-01")
    ),
    "namesake with another birth date": web(
        "n", only(full_name="李建国", phone="13700001234", birth_date="1970-01-02")
    ),
    "a stranger": web("n", only(full_name="Peter Pan", phone="13700001235")),
}
ALIKE = {
    "name alone": web("n", only(full_name="李建國")),
    "name in pinyin with another number": web("n", only(full_name="Li Jianguo", phone="13700001236")),
    "a name of the same sound at his number": web("n", only(full_name="李健国", phone=HOME_PHONE)),
    "his number alone": web("n", only(phone=HOME_PHONE)),
}


@pytest.mark.parametrize("case", HIS)
def test_his_rows_are_left_out(home: Settings, case: str) -> None:
    (report,) = take(
        home, "second.csv", [HIS[case], web("new", only(full_name="Peter Pan", phone="13700001235"))]
    )
    assert (report.status, report.rows_in, report.accepted, report.quarantined) == ("accepted", 1, 1, 0)
    assert keys_of(home) == {"mother", "child", "namesake", "new"}
    assert not (home.home / "landing" / "web" / "second.csv").exists()
    assert unverified(home.home) == []


@pytest.mark.parametrize("case", OTHERS)
def test_rows_of_others_are_taken(home: Settings, case: str) -> None:
    (report,) = take(home, "second.csv", [OTHERS[case]])
    assert (report.accepted, report.quarantined) == (1, 0)


@pytest.mark.parametrize("case", ALIKE)
def test_what_merely_resembles_him_waits_for_the_officer_and_is_no_fault_of_the_vendor(
    home: Settings, case: str
) -> None:
    (report,) = take(home, "second.csv", [ALIKE[case]])
    assert (report.accepted, report.quarantined) == (0, 1)
    assert {reason.partition(":")[0] for reason in report.reasons} == {"resembles_erased"}
    (contract,) = load_contracts(home.home).contracts
    assert write_claims(contract, home, load_keys(home))[1] == 0


@pytest.mark.parametrize("case", ALIKE)
def test_the_officer_says_that_it_is_somebody_else(home: Settings, case: str) -> None:
    take(home, "second.csv", [ALIKE[case]])
    keys = load_keys(home)
    (row,) = list_waiting(home, keys)
    with pytest.raises(EraseError, match="No row waits"):
        judge_another(home, keys, f"{row.place}0")
    judge_another(home, keys, row.place)
    assert list_waiting(home, keys) == []
    assert "n" in keys_of(home)
    assert unverified(home.home) == []
    (report,) = take(home, "third.csv", [{**ALIKE[case], "registered_at": "2031-02-01 00:00:00"}])
    assert (report.accepted, report.quarantined) == (1, 0), "said once, it holds"


def test_the_officer_says_that_it_is_he(home: Settings) -> None:
    take(home, "second.csv", [ALIKE["name in pinyin with another number"]])
    keys = load_keys(home)
    (row,) = list_waiting(home, keys)
    judge_same(home, keys, row.place, by="officer", reason="R-1")
    assert list_waiting(home, keys) == []
    assert keys_of(home) == {"mother", "child", "namesake"}
    (report,) = take(home, "third.csv", [web("m", only(full_name="Jianguo Li", phone="+86 13700001236"))])
    assert report.status == "known", "the other number is his, too"
    assert unverified(home.home) == []


def test_a_file_of_nothing_else_is_no_delivery(home: Settings) -> None:
    (report,) = take(home, "second.csv", [HIS["pinyin"]])
    assert report.status == "known"
    assert len(list_deliveries(home.home)) == 1
    assert not (home.home / "landing" / "web" / "second.csv").exists()


def test_the_very_file_of_which_he_was_erased_is_known_and_does_not_stay(home: Settings) -> None:
    family = [web("father", FATHER), web("mother", MOTHER), web("child", CHILD), web("namesake", NAMESAKE)]
    (report,) = take(home, "first.csv", family)
    assert report.status == "known"
    assert keys_of(home) == {"mother", "child", "namesake"}
    assert not (home.home / "landing" / "web" / "first.csv").exists()


def test_a_waiting_file_is_written_anew_and_one_that_was_taken_goes(home: Settings) -> None:
    landing = home.home / "landing" / "web"
    deliver(
        home.home,
        "web",
        "waits.csv",
        file_text("web", [web("a", CHILD), web("m", MOTHER)]),
        LOADED.timestamp() + 99,
    )
    with pytest.raises(UnknownTargetError):
        erase(home, load_keys(home), ["web:a"], by="officer", reason="R-2", now=NOW)
    erase(home, load_keys(home), ["web:child"], by="officer", reason="R-2", now=NOW)
    told = (landing / "waits.csv").read_text("utf-8")
    assert MOTHER["email"] in told
    assert CHILD["email"] not in told
    assert (landing / "waits.csv").stat().st_mtime == LOADED.timestamp() + 99


def test_what_is_kept_of_a_delivery_is_taken_again_as_it_stands(home: Settings) -> None:
    (contract,), keys = load_contracts(home.home).contracts, load_keys(home)
    days = Days(date(2020, 1, 1), None, home.time_zone)
    with open_connection(home, keys) as conn:
        (again,) = retake_source(contract, home, keys, days, conn, erased_people(home, keys)).deliveries
    assert again.status == "unchanged", again
    (manifest,) = list_deliveries(home.home)
    assert (manifest["rows_in"], manifest["accepted"]) == (3, 3)
    assert is_original_intact(home.home, manifest, keys)


def test_both_rooms_mean_the_same_by_their_words() -> None:
    assert (ERASED, RESEMBLES) == (privacy.ERASED, privacy.RESEMBLES)


class Killed(BaseException):
    """As if the process had ended here."""


@pytest.mark.parametrize("step", ["merge", "landing", "raw", "done"])
def test_a_copy_that_is_behind_stays_unread_until_all_have_left_also_after_a_kill(
    before: Settings, step: str
) -> None:
    shutil.copytree(before.home, before.home.with_name("copy"))
    erase(before, load_keys(before), ["web:father"], by="officer", reason="R-1", now=NOW)
    copy = load_settings(before.home.with_name("copy"))

    def stop(reached: str) -> None:
        if reached == step:
            raise Killed

    with pytest.raises(SettingsError, match="still holds"):
        load_keys(copy)
    keys = load_keys(copy, to_erase=True)
    with pytest.raises(Killed):
        erase(copy, keys, [], by="officer", reason="behind", on_step=stop)
    assert len(erase(copy, keys, [], by="officer", reason="behind")) == 1
    load_keys(copy)
    assert keys_of(copy) == {"mother", "child", "namesake"}
    assert not (copy.home / "landing" / "web" / "first.csv").exists()
    assert unverified(copy.home) == []
