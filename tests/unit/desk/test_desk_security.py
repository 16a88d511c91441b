"""The desk answers its own pages in its own sessions alone, changes nothing by GET and escapes what people are called."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from small_desk import MARKUP, ORIGIN, PORT, client_of, small_desk
from starlette.testclient import TestClient

from pipelines import desk as desk_room
from pipelines.desk.app import _PAGES, build_app
from pipelines.desk.desk import Desk
from pipelines.desk.guard import HEADERS, MOST_BYTES
from pipelines.identity.verdicts import read_verdicts


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    return small_desk(tmp_path, monkeypatch)


def test_another_host_is_refused_before_anything_else(desk: Desk) -> None:
    client = TestClient(build_app(desk, PORT), base_url=ORIGIN)
    for host in ("evil.example", f"evil.example:{PORT}", "127.0.0.1", f"127.0.0.1:{PORT + 1}", ""):
        assert client.get("/enter", headers={"host": host}).status_code == 421, host
    assert client.get("/enter", headers={"host": f"localhost:{PORT}"}).status_code == 200


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "https://evil.example"},
        {"origin": "null"},
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
    ],
)
def test_a_form_of_another_page_is_refused(desk: Desk, headers: dict[str, str]) -> None:
    client = client_of(desk, "steward")
    page = client.get("/steward").text
    form = {"key": "1-2", "version": "v1", "said": "same"}
    assert "1-2" in page
    assert client.post("/steward/judge", data=form, headers=headers).status_code == 403
    assert read_verdicts(desk.settings.home) == []


def test_a_form_without_the_session_s_own_proof_is_refused(desk: Desk) -> None:
    client, other = client_of(desk, "steward"), client_of(desk, "steward", "wang")
    form = {"key": "1-2", "version": "v1", "said": "same"}
    for proof in ("", "x", other.headers["x-csrf"]):
        assert client.post("/steward/judge", data=form, headers={"x-csrf": proof}).status_code == 403
    assert read_verdicts(desk.settings.home) == []
    assert client.post("/steward/judge", data=form).status_code == 200
    assert len(read_verdicts(desk.settings.home)) == 1


def test_nothing_changes_by_get(desk: Desk) -> None:
    client = client_of(desk, "steward")
    client.get("/steward")
    for _, method, path, _ in _PAGES:
        if method == "POST":
            assert client.get(path, params={"key": "1-2", "version": "v1", "said": "same"}).status_code in (
                404,
                405,
            ), path
    assert client.get("/leave").status_code in (404, 405)
    assert client.get("/steward").status_code == 200
    assert read_verdicts(desk.settings.home) == []


def test_only_get_and_post_of_small_forms_are_read(desk: Desk) -> None:
    client = client_of(desk, "steward")
    assert client.put("/steward").status_code == 405
    assert client.delete("/steward").status_code == 405
    assert client.post("/steward/judge", content=b"a" * (MOST_BYTES + 1)).status_code == 413
    assert client.post("/steward/judge", content=iter([b"said=same"])).status_code == 413
    assert client.post("/steward/judge", content=b"said=%ff").status_code == 403


@pytest.mark.parametrize("role", ["steward", "service", "marketing", "officer"])
def test_each_role_has_its_own_room(desk: Desk, role: str) -> None:
    client = client_of(desk, role)
    for owner, method, path, _ in _PAGES:
        if owner != role:
            answer = client.request(method, path.replace("{key}", "1-2"))
            assert answer.status_code == 403, path
            assert f"session of {role}, expected one of {owner}" in answer.text


def test_without_a_session_there_is_only_the_door(desk: Desk) -> None:
    client = TestClient(build_app(desk, PORT), base_url=ORIGIN, follow_redirects=False)
    for _, method, path, _ in _PAGES:
        assert client.request(method, path.replace("{key}", "1-2")).status_code == 401, path
    assert client.get("/").headers["location"] == "/enter"
    assert client.get("/enter").status_code == 200
    assert client.post("/enter", data={"token": "x"}).status_code == 401


def test_the_cookie_is_out_of_reach_of_scripts_and_of_other_sites(desk: Desk) -> None:
    client = TestClient(build_app(desk, PORT), base_url=ORIGIN, follow_redirects=False)
    cookie = (
        client.post("/enter", data={"token": desk.sessions.link("steward", "li")})
        .headers["set-cookie"]
        .lower()
    )
    assert "httponly" in cookie
    assert "samesite=strict" in cookie
    assert str(PORT) in cookie.split("=")[0]


def test_every_answer_forbids_what_is_not_ours(desk: Desk) -> None:
    client = client_of(desk, "steward")
    for path in ("/steward", "/static/desk.js", "/nowhere", "/service"):
        answer = client.get(path)
        assert {name: answer.headers[name] for name in HEADERS} == HEADERS, path
    policy = HEADERS["content-security-policy"]
    assert "unsafe" not in policy
    assert policy.startswith("default-src 'none'")


def test_pages_hold_no_script_or_style_of_their_own(desk: Desk) -> None:
    """The policy would stop them; what is written so that it is stopped is a fault."""
    for path in (Path(desk_room.__file__).parent / "templates").glob("*.html"):
        text = path.read_text(encoding="utf-8")
        assert not re.search(r"\sstyle=|\son[a-z]+=|<style|javascript:|hx-on|\|safe", text), path
        assert all("src=" in tag for tag in re.findall(r"<script[^>]*>", text)), path
        assert "http:" not in text, path
        assert "https:" not in text, path


def test_a_name_with_markup_is_shown_as_it_is_written(desk: Desk) -> None:
    client = client_of(desk, "steward", MARKUP)
    for path in ("/steward", "/steward/customer/C1"):
        page = client.get(path).text
        assert "<script>alert" not in page
        assert "&lt;script&gt;alert" in page.replace("<mark>", "").replace("</mark>", "")


def test_an_error_tells_its_kind_and_place_and_no_value(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fails(*_: object) -> str:
        raise ValueError("Ada Byron +8613900000001")

    monkeypatch.setattr("pipelines.desk.steward.room.read_queue", fails)
    answer = client_of(desk, "steward").get("/steward")
    assert answer.status_code == 500
    for told in (answer.text, caplog.text):
        assert "ValueError" in told
        assert "Byron" not in told
        assert "13900000001" not in told
