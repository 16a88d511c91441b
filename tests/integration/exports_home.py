"""A home whose few people each stand for one rule of exports, with what is true of them written beside; and one night in it.

The key of a person's record in each source is the person's name here. The day is far ahead, since exports leave on the calendar's
day or a later as-of date, never on an earlier one.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

import yaml
from contract_texts import column_name, contract_text
from small_night import deliver, night, surroundings

from pipelines.settings import Settings, load_settings
from pipelines.storage.home import create_home

DAY = date(2031, 3, 1)
LEASE_BEGIN, LEASE_END = date(2031, 1, 15), date(2031, 3, 5)
SIGNS = ("full_name", "phone", "email")
WEB = ["source_record_id", *SIGNS, "birth_date", "consent_marketing", "consent_channels", "consent_purposes",
       "consent_text_version", "guardian_consent", "registered_at"]  # fmt: skip
LIST = ["source_record_id", *SIGNS, "collected_at"]
OUT = ["source_record_id", *SIGNS, "scope", "scope_value", "reason", "effective_at"]
MAIL = ["source_record_id", "email", "interaction_type", "occurred_at"]

NAMES = (
    "Anselm Abendroth", "Beatrix Birkenfeld", "Cornelius Clausnitzer", "Dorothea Dinkelacker", "Ekkehard Eichinger",
    "Friederike Falkenhagen", "Gottfried Gansauge", "Hildegard Hohenstein", "Ignatius Immelmann", "Josephine Jungblut",
    "Konstantin Kirschbaum", "Leopoldine Lautenbach", "Maximilian Morgenroth", "Notburga Nachtigall", "Ottokar Oppenrieder",
    "Philippine Pfefferkorn", "Quirin Quandtmeyer", "Rosalinde Rautenstrauch", "Siegfried Sauerbruch", "Theodora Tannhauser",
    "Ulrike Uhlenbrock", "Valentin Vogelsang", "Wilhelmine Wackernagel", "Xaver Ziegenfuss",
    "Yolanda Zwingenberger",
)  # fmt: skip
PEOPLE = (
    "agreed", "declined", "never", "withdrew", "returned", "no_sms", "child", "child_with_guardian", "lease_only", "lease_and_web",
    "lease_echo", "bought_only", "bureau_only", "tired", "shares_first", "shares_second", "dead", "survey_only", "formula",
    "barred_mailbox", "refused_and_leased", "leaves_later", "bounced", "landline", "nameless",
)  # fmt: skip


STAFF = tuple(f"staff{turn}" for turn in range(22))
"""Colleagues behind one switchboard; one of them had its number barred."""
SWITCHBOARD = "02162345678"
_SYLLABLES = ("ba", "ke", "di", "mo", "nu", "ra", "se", "ti", "vo", "zu", "fe")


def staff(person: str) -> dict[str, str]:
    """The registration of one of them, who agreed."""
    turn = STAFF.index(person)
    name = f"{_SYLLABLES[turn % 11]}{_SYLLABLES[(turn * 3 + 1) % 11]}n {_SYLLABLES[(turn * 5 + 2) % 11]}{_SYLLABLES[turn // 2]}rt"
    return web("agreed", source_record_id=person, full_name=name.title(), phone=SWITCHBOARD, email=f"{person}@mail.example.cn",
               birth_date=f"19{60 + turn}-0{1 + turn % 9}-2{turn % 8}")  # fmt: skip


def signs(person: str) -> dict[str, str]:
    """Name, number and mailbox of a person, alike in every source."""
    place = PEOPLE.index(person)
    email = "both@mail.example.cn" if person.startswith("shares") else f"{person}.{place}@mail.example.cn"
    return {
        "full_name": NAMES[place], "phone": f"139{place:02d}1{place:02d}678"[:11].ljust(11, "3"), "email": email,
        "birth_date": f"19{50 + place}-0{1 + place % 9}-1{place % 9}",
    }  # fmt: skip


def web(person: str, consent: str = "true", **values: str) -> dict[str, str]:
    """A registration of January 2031 that agrees to marketing by every channel."""
    row = {
        "source_record_id": person,
        **signs(person),
        "consent_marketing": consent,
        "consent_text_version": "2030-11",
    }
    return {**row, "registered_at": "2031-01-10 08:00:00", **values}


def rows() -> dict[str, list[dict[str, str]]]:
    """What each source delivers."""
    agreed = (
        "agreed",
        "withdrew",
        "returned",
        "no_sms",
        "lease_and_web",
        "tired",
        "shares_first",
        "shares_second",
        "dead",
    )
    leased = ("lease_only", "lease_and_web", "lease_echo", "refused_and_leased", "nameless")
    return {
        "web": [
            *(web(person) for person in agreed),
            web("declined", "false"), web("never", ""), web("survey_only", consent_purposes="survey"),
            web("child", birth_date="2020-05-01"),
            web("child_with_guardian", birth_date="2020-05-01", guardian_consent="true"),
            web("refused_and_leased", "false"), web("leaves_later"), web("bounced"), web("landline", phone="01062340001"),
            web("nameless", full_name=""),
            *(staff(person) for person in STAFF),
            web("formula", full_name="=cmd|' /C calc'!A0"), web("barred_mailbox"),
        ],
        "lease": [{"source_record_id": one, **signs(one), "collected_at": "2031-01-01 00:00:00"} for one in leased],
        "bought": [
            {"source_record_id": one, **signs(one), "collected_at": "2031-01-01 00:00:00"} for one in ("bought_only", "nameless")
        ],
        "bureau": [{"source_record_id": "bureau_only", **signs("bureau_only"), "collected_at": "2031-01-01 00:00:00"}],
        "out": [
            # a bare number in another spelling; an opt-out before the last agreement; one channel; a death; a bare mailbox
            out("withdrew", phone=f"+86 {signs('withdrew')['phone'][:3]}-{signs('withdrew')['phone'][3:]}"),
            out("returned", email=signs("returned")["email"], effective_at="2030-06-01 00:00:00"),
            out("no_sms", phone=signs("no_sms")["phone"], scope="channel", scope_value="短信"),
            out("dead", full_name=signs("dead")["full_name"], phone=signs("dead")["phone"], reason="deceased",
                effective_at="2030-01-01 00:00:00"),
            out("barred_mailbox", email=signs("barred_mailbox")["email"].upper(), scope="channel", scope_value="email"),
            out("leaves_later", email=signs("leaves_later")["email"], effective_at="2031-03-04 00:00:00"),
            out("switchboard", phone=SWITCHBOARD),
        ],
        "mail": [
            *({"source_record_id": f"bounce-{turn}", "email": signs("bounced")["email"], "interaction_type": "bounce",
               "occurred_at": f"2031-02-2{turn} 09:00:00"} for turn in range(3)),
            *({"source_record_id": f"tired-{turn}", "email": signs("tired")["email"], "interaction_type": "campaign_send",
               "occurred_at": f"2031-02-1{turn} 09:00:00"} for turn in range(7)),
            *({"source_record_id": f"echo-{kind}", "email": signs("lease_echo")["email"], "interaction_type": kind,
               "occurred_at": "2031-02-20 09:00:00"} for kind in ("campaign_send", "campaign_response")),
        ],
    }  # fmt: skip


def out(person: str, **values: str) -> dict[str, str]:
    """An opt-out of everything, in force since February 2031."""
    return {
        "source_record_id": f"out-{person}", "scope": "all", "reason": "opt_out", "effective_at": "2031-02-01 00:00:00",
        **values,
    }  # fmt: skip


LEASE: dict[str, Any] = {
    "acquisitionMode": "lease", "vendor": "Lender", "validFrom": LEASE_BEGIN.isoformat(), "validTo": LEASE_END.isoformat(), "maxUses": 1, "legalBasis": "L-1",
    "permittedChannels": ["email", "phone"], "permittedPurposes": ["marketing"],
}  # fmt: skip
BOUGHT: dict[str, Any] = {
    "acquisitionMode": "purchase",
    "vendor": "Seller",
    "permittedPurposes": ["cross_sell"],
}
BUREAU: dict[str, Any] = {
    "acquisitionMode": "purchase", "vendor": "Bureau", "legalBasis": "B-1", "matchingOnly": True,
}  # fmt: skip


def contracts() -> dict[str, str]:
    """Id of a source -> its contract."""
    return {
        "web": contract_text("web", "registration", "website", WEB),
        "out": contract_text("out", "suppression", "internal", OUT),
        "mail": contract_text("mail", "interaction", "email", MAIL),
        "lease": with_terms(contract_text("lease", "purchased_list", "publisher", LIST), LEASE),
        "bought": with_terms(contract_text("bought", "purchased_list", "data_company", LIST), BOUGHT),
        "bureau": with_terms(contract_text("bureau", "purchased_list", "credit_investigation", LIST), BUREAU),
    }


def with_terms(text: str, terms: dict[str, Any]) -> str:
    """The contract with other custom properties."""
    document = yaml.safe_load(text)
    known = {each["property"]: each["value"] for each in document["customProperties"]}
    document["customProperties"] = [
        {"property": name, "value": value} for name, value in {**known, **terms}.items()
    ]
    return str(yaml.safe_dump(document, allow_unicode=True))


def make_home(root: Path) -> Settings:
    """The home with its sources, one file of each in landing, and the segment `everybody`."""
    settings = create_home(root)
    fields = {"web": WEB, "out": OUT, "mail": MAIL, "lease": LIST, "bought": LIST, "bureau": LIST}
    for source, text in contracts().items():
        (settings.home / "contracts" / f"{source}.yml").write_text(text, encoding="utf-8")
        stream = io.StringIO()
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(column_name(name) for name in fields[source])
        writer.writerows([row.get(name, "") for name in fields[source]] for row in rows()[source])
        deliver(settings.home, source, "first.csv", stream.getvalue())
    (settings.home / "segments").mkdir()
    (settings.home / "segments" / "everybody.yml").write_text(
        "title: Everybody\nwhere: {field: order_count, at_least: 0}\n", encoding="utf-8"
    )
    with (settings.home / "ucv.toml").open("a", encoding="utf-8") as file:
        file.write('decoy_domain = "seeds.example"\n')
    return load_settings(settings.home)


@contextmanager
def published_home(folder: Path) -> Iterator[Settings]:
    """The home after its first night, as of DAY."""
    with surroundings(folder) as patch:
        patch.setenv("UCV_AS_OF_DATE", DAY.isoformat())
        settings = make_home(folder / "home")
        outcome, told = night(settings)
        assert outcome.success, told
        key = settings.key_path
    # the nights of other tests have surroundings of their own
    yield settings.model_copy(update={"key_file": key, "as_of_date": DAY})
