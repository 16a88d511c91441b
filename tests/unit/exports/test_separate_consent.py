"""What else is done with data than contacting: given to others, sent abroad, decided by calculation. Each needs its own word."""

from __future__ import annotations

import shutil
from datetime import timedelta
from pathlib import Path

import duckdb
import pytest
from published_tables import REQUEST, add_person, published, reasons

from pipelines.exports.receivers import Receiver, ReceiverError, find_receiver
from pipelines.exports.request import ExportError

HOUSE = Receiver("house", "Mail house", "processor", "CN", "C-1", None)
PARTNER = Receiver("partner", "Partner", "handler", "CN", "C-2", None)
ABROAD = Receiver("abroad", "Mail house", "processor", "DE", "C-3", None)
FILED = Receiver("filed", "Mail house", "processor", "DE", "C-4", "standard contract 2031-01, no. 7")


@pytest.fixture
def conn() -> duckdb.DuckDBPyConnection:
    found = published()
    add_person(found, "german")
    add_person(found, "chinese", country="CN")
    add_person(found, "nowhere", country=None)
    add_person(found, "agreed", country="CN", also=(("provision", "granted"), ("cross_border", "granted")))
    add_person(
        found, "torn", country="CN",
        also=(("provision", "granted"), ("provision", "refused"), ("cross_border", "granted"), ("cross_border", "refused")),
    )  # fmt: skip
    add_person(found, "by_hand", also=(("profiling", "refused"),))
    add_person(found, "near", source="near")
    return found


def sent(found: dict[str, str]) -> set[str]:
    return {who for who, reason in found.items() if reason == "sent"}


def test_a_file_that_stays_or_is_handled_for_us_asks_no_more(conn: duckdb.DuckDBPyConnection) -> None:
    everybody = {"german", "chinese", "nowhere", "agreed", "torn", "by_hand", "near"}
    assert sent(reasons(conn)) == sent(reasons(conn, receiver=HOUSE)) == everybody


def test_who_decides_itself_gets_only_those_who_agreed_to_that_by_name(
    conn: duckdb.DuckDBPyConnection,
) -> None:
    found = reasons(conn, receiver=PARTNER)
    assert sent(found) == {"agreed"}
    assert found["torn"] == found["german"] == "not_to_be_given"


def test_a_separate_consent_holds_from_its_day_until_it_ends(conn: duckdb.DuckDBPyConnection) -> None:
    told = (
        "UPDATE marts.consent_ledger SET told_at = ? WHERE customer_id = 'agreed' AND purpose = 'provision'"
    )
    ended = (
        "UPDATE marts.consent_ledger SET ended_at = ? WHERE customer_id = 'agreed' AND purpose = 'provision'"
    )
    today = REQUEST.day
    for statement, day, reason in (
        (told, today + timedelta(1), "not_to_be_given"),
        (told, None, "not_to_be_given"),
        (told, today, "sent"),
        (ended, today, "not_to_be_given"),
        (ended, today + timedelta(1), "sent"),
    ):
        conn.execute(statement, [day])
        assert reasons(conn, receiver=PARTNER)["agreed"] == reason, (statement, day)


def test_records_of_the_mainland_do_not_leave_without_a_recorded_basis(
    conn: duckdb.DuckDBPyConnection,
) -> None:
    conn.execute(
        "INSERT INTO golden.customer_contact_points VALUES ('by_hand', 'phone', '+8613800000000', 'mobile', true, 1)"
    )
    found = reasons(conn, receiver=ABROAD)
    assert sent(found) == {"german"}
    for who in ("chinese", "nowhere", "agreed", "torn", "by_hand"):
        assert found[who] == "stays_in_mainland"
    # with a basis those go who agreed to it by name; what a contract demands goes without
    assert sent(reasons(conn, receiver=FILED)) == {"german", "agreed"}
    assert {"chinese", "torn"} <= sent(reasons(conn, receiver=FILED, purpose="service"))
    assert "chinese" not in sent(reasons(conn, receiver=ABROAD, purpose="service"))


def test_a_source_may_forbid_countries(conn: duckdb.DuckDBPyConnection) -> None:
    assert reasons(conn, receiver=FILED)["near"] == "country_not_permitted"
    assert reasons(conn, receiver=HOUSE)["near"] == "sent"


def test_who_refused_decisions_by_calculation_is_in_no_audience_chosen_by_them(
    conn: duckdb.DuckDBPyConnection,
) -> None:
    assert reasons(conn, is_profiled=True)["by_hand"] == "refused_profiling"
    assert reasons(conn, is_profiled=False)["by_hand"] == "sent"


def test_nobody_is_contacted_for_the_sake_of_a_separate_consent(conn: duckdb.DuckDBPyConnection) -> None:
    for purpose in ("provision", "profiling"):
        with pytest.raises(ExportError, match=r"expected one of marketing, service,"):
            reasons(conn, purpose=purpose)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("country: CN\nrole: processor\ncontract: C-1\n", None),
        ("country: cn\nrole: processor\ncontract: C-1\n", "country is 'cn'"),
        ("country: CN\nrole: friend\ncontract: C-1\n", "role is 'friend'"),
        ("country: CN\nrole: handler\n", "contract must name"),
        ("country: DE\nrole: handler\ncontract: C-1\ntransferBasis: ' '\n", "transferBasis must name"),
        ("country: DE\nrole: handler\ncontract: C-1\nbasis: x\n", "expected the keys"),
        ("- [", "cannot be read as YAML"),
    ],
)
def test_a_receivers_file_is_held_against_what_it_must_tell(
    tmp_path: Path, text: str, told: str | None
) -> None:
    (tmp_path / "receivers").mkdir()
    (tmp_path / "receivers" / "house.yml").write_text(text, "utf-8")
    if told is None:
        assert not find_receiver(tmp_path, "house").decides
        for name in ("../house", "other", "house.yml", ""):
            with pytest.raises(ReceiverError, match="No receiver"):
                find_receiver(tmp_path, name)
        shutil.rmtree(tmp_path / "receivers")
        with pytest.raises(ReceiverError, match="there are none"):
            find_receiver(tmp_path, "house")
    else:
        with pytest.raises(ReceiverError, match=told):
            find_receiver(tmp_path, "house")
