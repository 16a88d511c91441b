"""What a steward says becomes the verdict that `ucv review` would write; undo, second opinions, blind mode, splitting by hand."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from small_desk import client_of, small_desk
from starlette.testclient import TestClient

from pipelines.desk.desk import Desk
from pipelines.desk.steward.opinions import read_opinions
from pipelines.identity.verdicts import (
    CANNOT_LINK,
    MUST_LINK,
    active_verdicts,
    read_verdicts,
    record_verdicts,
)
from pipelines.privacy.access_log import read_log
from pipelines.storage.keys import load_keys


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    return small_desk(tmp_path, monkeypatch)


def pair_of(client: TestClient, page: str | None = None) -> str:
    """The key of the pair that a page shows; empty when none waits."""
    found = re.search(
        r'name="key" value="([^"]*)"', page if page is not None else client.get("/steward").text
    )
    return found.group(1) if found else ""


def say(client: TestClient, said: str, key: str | None = None, **more: str) -> str:
    form = {"key": pair_of(client) if key is None else key, "version": "v1", "said": said, **more}
    answer = client.post("/steward/judge", data=form, headers={"hx-request": "true"})
    assert answer.status_code == 200, answer.text
    return answer.text


def held(desk: Desk) -> set[tuple[str, frozenset[str]]]:
    """The verdicts that hold, by record."""
    token = load_keys(desk.settings).tokeniser()
    record = {token(one): one for one in ("s:a", "s:b", "s:c", "s:c2", "s:d", "s:e")}
    return {
        (one.verdict, frozenset(record[t] for t in one.pair))
        for one in active_verdicts(read_verdicts(desk.settings.home))
    }


def test_pairs_come_nearest_to_the_threshold_first_and_each_judgement_is_a_verdict(desk: Desk) -> None:
    client = client_of(desk, "steward")
    assert pair_of(client) == "1-2"
    page = say(client, "same")
    assert pair_of(client, page) == "1-4"
    page = say(client, "different", "1-4")
    assert pair_of(client, page) == "4-5"
    page = say(client, "later", "4-5")
    assert pair_of(client, page) == "2-3"
    page = say(client, "different", "2-3")
    assert pair_of(client, page) == "4-5"  # what was put off comes at the end
    # Both records that read the same are kept apart from the other one, as `ucv review` does.
    assert held(desk) == {
        (MUST_LINK, frozenset({"s:a", "s:b"})), (CANNOT_LINK, frozenset({"s:a", "s:d"})),
        (CANNOT_LINK, frozenset({"s:b", "s:c"})), (CANNOT_LINK, frozenset({"s:b", "s:c2"})),
    }  # fmt: skip


def test_undo_lets_hold_what_held_before(desk: Desk) -> None:
    token = load_keys(desk.settings).tokeniser()
    client = client_of(desk, "steward")
    key = pair_of(client)
    record_verdicts(desk.settings.home, CANNOT_LINK, [(token("s:a"), token("s:b"))], desk.settings.today())
    say(client, "same", key)
    assert held(desk) == {(MUST_LINK, frozenset({"s:a", "s:b"}))}
    client.post("/steward/undo")
    assert held(desk) == {(CANNOT_LINK, frozenset({"s:a", "s:b"}))}
    page = say(client, "different", "1-4")
    assert len(held(desk)) == 2
    page = client.post("/steward/undo").text
    assert pair_of(client, page) == "1-4"
    assert len(held(desk)) == 1
    refused = client.post("/steward/undo")
    assert refused.status_code == 409
    assert "Nothing of this sitting is left to undo" in refused.text


def test_undo_leaves_what_somebody_else_said_since(desk: Desk) -> None:
    token = load_keys(desk.settings).tokeniser()
    client = client_of(desk, "steward")
    say(client, "same")
    record_verdicts(desk.settings.home, CANNOT_LINK, [(token("s:a"), token("s:b"))], desk.settings.today())
    assert "judged these records again" in client.post("/steward/undo").text
    assert held(desk) == {(CANNOT_LINK, frozenset({"s:a", "s:b"}))}


def test_a_contradiction_is_told_and_nothing_is_taken_down(desk: Desk) -> None:
    client = client_of(desk, "steward")
    token = load_keys(desk.settings).tokeniser()
    record_verdicts(
        desk.settings.home,
        MUST_LINK,
        [(token("s:a"), token("s:e")), (token("s:e"), token("s:d"))],
        desk.settings.today(),
    )
    form = {"key": "1-4", "version": "v1", "said": "different"}
    answer = client.post("/steward/judge", data=form, headers={"hx-request": "true"})
    assert answer.status_code == 409
    assert answer.headers["hx-retarget"] == "#told"
    assert "contradict one another" in answer.text
    assert read_opinions(desk.settings.home) == []


def test_a_second_opinion_is_written_when_both_agree_and_never_when_they_do_not(desk: Desk) -> None:
    li, wang = client_of(desk, "steward", "li"), client_of(desk, "steward", "wang")
    say(li, "same", "1-2", ask="yes")
    say(li, "different", "1-4", ask="yes")
    assert held(desk) == set()
    assert pair_of(li) == "4-5"
    page = wang.get("/steward").text
    assert pair_of(wang, page) == "1-2"
    assert "li asked for a second opinion" in page
    say(wang, "same", "1-2")
    assert held(desk) == {(MUST_LINK, frozenset({"s:a", "s:b"}))}
    say(wang, "same", "1-4")
    assert held(desk) == {(MUST_LINK, frozenset({"s:a", "s:b"}))}
    told = wang.get("/steward/agreement").text
    assert "/steward/pair/1-4" in told
    assert "50%" in told
    say(wang, "different", "1-4")  # they talked about it
    assert (CANNOT_LINK, frozenset({"s:a", "s:d"})) in held(desk)


def test_two_stewards_at_once_do_not_get_the_same_pair(desk: Desk) -> None:
    li, wang = client_of(desk, "steward", "li"), client_of(desk, "steward", "wang")
    assert (pair_of(li), pair_of(wang)) == ("1-2", "1-4")
    assert (pair_of(li), pair_of(wang)) == ("1-2", "1-4")


def test_blind_mode_tells_nothing_of_the_tool_before_the_pair_is_judged(desk: Desk) -> None:
    client = client_of(desk, "steward")
    seen = client.get("/steward").text
    blind = client.post("/steward/blind", headers={"hx-request": "true"}).text
    assert pair_of(client, blind) == pair_of(client, seen) == "1-2"
    for tells in ("<svg", "+0.5", "C1", "one customer today"):
        assert tells in seen, tells
        assert tells not in blind, tells
    judged = say(client, "different", "1-2")
    assert "the tool has: same person (+0.5 bits)" in judged
    (opinion,) = read_opinions(desk.settings.home)
    assert (opinion.was_blind, opinion.tool, opinion.said) == (True, "same", "different")


def test_a_customer_is_split_by_hand(desk: Desk) -> None:
    client = client_of(desk, "steward")
    for away in ([], ["1", "2", "3"]):
        form = {"customer": "C1", "version": "v1", "away": away}
        assert client.post("/steward/split", data=form).status_code == 409
    done = client.post("/steward/split", data={"customer": "C1", "version": "v1", "away": ["3"]})
    assert "4 verdicts written" in done.text
    assert held(desk) == {
        (CANNOT_LINK, frozenset({one, other})) for one in ("s:a", "s:b") for other in ("s:c", "s:c2")
    }
    client.post("/steward/undo")
    assert held(desk) == set()


def test_merges_are_ranked_by_what_looks_wrong(desk: Desk) -> None:
    client = client_of(desk, "steward")
    for order in ("bridge", "guards", "conflicts"):
        page = client.get(f"/steward/merges/{order}").text
        assert "C1" in page
        assert "+0.5" in page  # the weakest link without which it falls apart
        assert "birth date" in page
        assert "C4" not in page  # one profile is no merge
    assert client.get("/steward/merges/else").status_code == 403


def test_a_page_of_a_version_that_readers_left_writes_nothing(desk: Desk) -> None:
    client = client_of(desk, "steward")
    key = pair_of(client)
    desk.rooms["version"] = "v2"
    answer = client.post(
        "/steward/judge", data={"key": key, "version": "v1", "said": "same"}, headers={"hx-request": "true"}
    )
    assert answer.status_code == 409
    assert "pair of version v1, and readers see v2" in answer.text
    assert (
        client.post("/steward/split", data={"customer": "C1", "version": "v1", "away": ["3"]}).status_code
        == 409
    )
    assert read_verdicts(desk.settings.home) == []


def test_each_look_is_in_the_access_log_without_a_value(desk: Desk) -> None:
    client = client_of(desk, "steward")
    client.get("/steward")
    client.get("/steward/customer/C1")
    begun = [line for line in read_log(desk.settings.home) if line["action"] != "end"]
    assert [(line["action"], line["role"], line["name"]) for line in begun] == [
        ("desk pair", "steward", "li"), ("desk cluster", "steward", "li"),
    ]  # fmt: skip
    assert "C1" not in repr(begun)
    assert "Byron" not in repr(begun)
