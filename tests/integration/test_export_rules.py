"""Who may be contacted, rule by rule, on a home in which each person stands for one rule; and what the file then holds."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from exports_home import DAY, LEASE_BEGIN, LEASE_END, PEOPLE, STAFF, signs
from small_night import query

from pipelines.command.export import export
from pipelines.exports.request import Request
from pipelines.exports.rules import Circumstances, judge
from pipelines.publishing.query import open_reader
from pipelines.settings import Settings
from pipelines.storage.keys import load_keys

EVERYBODY = ("SELECT customer_id FROM marts.customer_360", [])
REQUEST = Request("x", "everybody", "", "email", "marketing", "csv", "spring", DAY, 0.0, None)


@pytest.fixture(scope="module")
def home(exports_master: Settings) -> Settings:
    return exports_master


def reasons(
    settings: Settings, request: Request = REQUEST, decoys: tuple[tuple[str, str], ...] = ()
) -> dict[str, str]:
    """Person -> reason, or `sent`."""
    keys = load_keys(settings)
    conn = open_reader(settings, keys)
    try:
        judge(conn, request, EVERYBODY, Circumstances((), decoys, keys.tokeniser()))
        found = conn.execute(
            "SELECT xref.source_record_id, coalesce(judged.reason, 'sent') FROM judged "
            "JOIN golden.customer_xref AS xref USING (customer_id)"
        ).fetchall()
    finally:
        conn.close()
    return {person: reason for person, reason in found if person in (*PEOPLE, *STAFF)}


def test_every_rule_of_e_mail_for_marketing(home: Settings) -> None:
    found = reasons(home)
    assert {found.pop(person) for person in STAFF} == {"sent"}
    # one message a mailbox: which of the two gets it is their ids' business
    assert sorted(found.pop(name) for name in ("shares_first", "shares_second")) == ["same_value", "sent"]
    assert found == {
        "agreed": "sent", "returned": "sent", "no_sms": "sent", "child_with_guardian": "sent", "lease_only": "sent",
        "lease_and_web": "sent", "lease_echo": "sent", "formula": "sent",
        "leaves_later": "sent", "landline": "sent", "nameless": "sent", "bounced": "not_contactable", "refused_and_leased": "no_consent",
        "declined": "no_consent", "never": "no_consent", "survey_only": "no_consent", "withdrew": "suppressed",
        "dead": "suppressed", "barred_mailbox": "suppressed", "child": "minor", "bought_only": "purpose_not_permitted",
        "bureau_only": "not_contactable", "tired": "fatigue",
    }  # fmt: skip


def test_other_channels_and_purposes_have_other_answers(home: Settings) -> None:
    sms = reasons(home, replace(REQUEST, channel="sms"))
    assert (sms["no_sms"], sms["agreed"], sms["withdrew"], sms["barred_mailbox"]) == (
        "suppressed", "sent", "suppressed", "sent",
    )  # fmt: skip
    assert (sms["lease_only"], sms["lease_and_web"]) == ("channel_not_permitted", "sent")
    assert (sms["landline"], sms["bounced"]) == ("not_contactable", "sent")
    phone = reasons(home, replace(REQUEST, channel="phone"))
    assert phone["landline"] == "sent"
    # the switchboard itself is barred, but speaks for none of the many behind it, whom e-mail reaches
    assert {phone[person] for person in STAFF} == {"suppressed"}
    assert (phone["no_sms"], phone["lease_only"]) == ("sent", "sent")
    # marketing covers cross-selling; what was bought for it has no legal basis beside consent, which nobody gave
    cross = reasons(home, replace(REQUEST, purpose="cross_sell"))
    assert (cross["agreed"], cross["bought_only"], cross["survey_only"]) == (
        "sent",
        "no_consent",
        "no_consent",
    )
    survey = reasons(home, replace(REQUEST, purpose="survey"))
    assert (survey["survey_only"], survey["agreed"], survey["lease_only"]) == (
        "sent", "no_consent", "purpose_not_permitted",
    )  # fmt: skip
    service = reasons(home, replace(REQUEST, purpose="service", hold_out=0.9))
    assert {service[name] for name in ("never", "declined", "tired")} == {"sent"}
    assert (service["withdrew"], service["dead"]) == ("suppressed", "suppressed")
    assert set(reasons(home, replace(REQUEST, channel="post")).values()) <= {
        "not_contactable", "no_consent", "suppressed", "minor",
    }  # fmt: skip


def test_what_came_only_from_a_lease_leaves_on_its_last_day_and_not_after(home: Settings) -> None:
    last = reasons(home, replace(REQUEST, day=LEASE_END))
    after = reasons(home, replace(REQUEST, day=LEASE_END + timedelta(days=1)))
    assert {name for name in PEOPLE if last[name] == "sent" and after[name] != "sent"} == {
        "lease_only",
        "lease_echo",
    }
    assert after["lease_only"] == "lease_over"
    # that we wrote there, and that somebody answered, does not make the mailbox ours
    assert after["lease_echo"] == "lease_over"
    assert after["lease_and_web"] == "sent"


def test_a_lease_that_has_not_begun_and_an_opt_out_of_a_later_day(home: Settings) -> None:
    before = reasons(home, replace(REQUEST, day=LEASE_BEGIN - timedelta(days=1)))
    assert before["lease_only"] == "lease_over"
    assert reasons(home, replace(REQUEST, day=LEASE_BEGIN))["lease_only"] == "sent"
    days = [reasons(home, replace(REQUEST, day=date(2031, 3, day)))["leaves_later"] for day in (3, 4)]
    assert days == ["sent", "suppressed"]


def test_an_advertising_platform_gets_only_what_we_collected(home: Settings) -> None:
    hashed = reasons(home, replace(REQUEST, form="hashed"))
    assert (hashed["lease_only"], hashed["lease_and_web"], hashed["agreed"]) == (
        "channel_not_permitted",
        "sent",
        "sent",
    )


def test_a_child_becomes_old_enough_on_its_birthday(home: Settings) -> None:
    birthday = date(2034, 5, 1)
    assert reasons(home, replace(REQUEST, day=birthday - timedelta(days=1)))["child"] == "minor"
    assert reasons(home, replace(REQUEST, day=birthday))["child"] == "sent"


def test_a_decoy_that_came_in_as_a_customer_does_not_go_out(home: Settings) -> None:
    mine = (("email", signs("agreed")["email"]), ("phone", signs("returned")["phone"]))
    found = reasons(home, decoys=mine)
    assert (found["agreed"], found["returned"]) == ("decoy", "sent")


def test_the_hold_out_is_one_of_the_campaign_and_grows_by_itself(home: Settings) -> None:
    def held(share: float, **changes: str) -> set[str]:
        found = reasons(home, replace(REQUEST, hold_out=share, **changes))  # type: ignore[arg-type]
        return {person for person, reason in found.items() if reason == "hold_out"}

    assert held(0.5) == held(0.5)
    assert held(0.3) <= held(0.6)
    # the same people in another channel of the campaign, others in another campaign
    by_phone = reasons(home, replace(REQUEST, channel="phone"))
    both = {name for name, reason in by_phone.items() if reason == "sent"}
    assert held(0.5) & both == held(0.5, channel="phone") & {
        n for n, r in reasons(home).items() if r == "sent"
    }
    assert len({frozenset(held(0.5, campaign=f"c{turn}")) for turn in range(6)}) > 1


def test_the_cap_comes_last(home: Settings) -> None:
    found = list(reasons(home, replace(REQUEST, cap=3)).values())
    assert (found.count("sent"), found.count("cap")) == (3, 9 + len(STAFF))


def test_what_is_for_matching_only_is_nowhere_to_be_read(home: Settings) -> None:
    tables = query(
        home,
        "SELECT table_schema, table_name FROM information_schema.tables WHERE table_catalog = 'warehouse'",
    )
    email, name = signs("bureau_only")["email"], signs("bureau_only")["full_name"]
    seen = []
    for schema, table in tables:
        found = query(
            home,
            f"SELECT count(*) FROM {schema}.{table} AS told WHERE told::VARCHAR ILIKE '%{email}%' OR told::VARCHAR ILIKE '%{name}%'",
        )
        control = query(
            home,
            f"SELECT count(*) FROM {schema}.{table} AS told WHERE told::VARCHAR ILIKE '%{signs('agreed')['email']}%'",
        )
        seen.append((found[0][0], control[0][0]))
    assert sum(hits for hits, _ in seen) == 0
    assert sum(hits for _, hits in seen) > 0
    (rows,) = query(home, "SELECT count(*) FROM customer_xref WHERE source_system = 'bureau'")
    assert rows == (1,)


def test_the_file_holds_who_was_sent_and_decoys_and_nobody_else(exports_copy: Settings) -> None:
    home = exports_copy
    outcome = export(home, load_keys(home), replace(REQUEST, export_id="file-of-all"))
    assert outcome.path is not None
    lines = outcome.path.read_text(encoding="utf-8").splitlines()
    sent = {line.rsplit(",", 1)[1] for line in lines[1:]}
    found = reasons(home)
    expected = {signs(person)["email"] for person in PEOPLE if found[person] == "sent"}
    expected |= {f"{person}@mail.example.cn" for person in STAFF}
    decoys = {value for value in sent if value.endswith("@seeds.example")}
    assert sent - decoys == expected
    assert len(decoys) == 2
    # the opt-out of the switchboard is nobody's, so that it is a customer of its own, suppressed
    assert outcome.entry["drops"] == {
        "minor": 1, "suppressed": 4, "no_consent": 4, "not_contactable": 2, "purpose_not_permitted": 1, "fatigue": 1,
        "same_value": 1,
    }  # fmt: skip
    # her name came from lists: one counts uses and is not charged for a mailbox that is ours, one is for another purpose
    names = {line.split(",")[-1]: line.split(",")[1] for line in lines}
    assert (names[signs("nameless")["email"]], names[signs("lease_only")["email"]]) == (
        "",
        signs("lease_only")["full_name"],
    )
    assert outcome.entry["people"] == sum(outcome.entry["drops"].values()) + outcome.entry["rows"] - 2


def test_terms_are_written_down_with_the_version(home: Settings) -> None:
    lines = (Path(home.home) / "state" / "contract_terms.jsonl").read_text("utf-8").splitlines()
    assert len(lines) == 6
    assert query(
        home,
        "SELECT valid_to, max_uses, known_from FROM acquisition_terms_history WHERE source_system = 'lease'",
    ) == [(LEASE_END, 1, DAY)]
