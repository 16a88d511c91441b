"""A check alerts when it turns red and when it passes again; servers that fail or hang cost a night nothing."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from alert_server import AlertServer

from pipelines.alerts.event import RunNews
from pipelines.alerts.route import AlertRoute, check_routes
from pipelines.alerts.send import Patience
from pipelines.alerts.tell import tell
from pipelines.errors import SettingsError
from pipelines.quality.results import CheckResult, Figure
from pipelines.settings import load_settings

QUICK = Patience(post=1.0, total=4.0, pauses=(0.0, 0.0))
SHARE = "staging/stg_records:quarantine_share"


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[AlertServer]:
    monkeypatch.setenv("no_proxy", "*")
    with AlertServer().serving() as made:
        yield made


def check(
    value: float = 0.3, severity: str = "fail", owner: str = "data steward", **told: str
) -> CheckResult:
    measured = Figure("web_registrations", "quarantine_share", value, None, 0.2, value <= 0.2)
    other = Figure("store_pos", "quarantine_share", 0.01, None, 0.2, True)
    values = {"asset": "staging/stg_records", "name": "quarantine_share", "layer": "staging", **told}
    return CheckResult(
        **values, severity=severity, description="Few rows are quarantined", remedy="Send the claim file", owner=owner,
        figures=(measured, other), passed=measured.passed,
    )  # fmt: skip


GREEN = check(0.1)


def run(
    number: int, *results: CheckResult, job: str = "build", failed: bool = False, steps: tuple[str, ...] = ()
) -> RunNews:
    at = f"2026-11-{number:02}T18:31:00+00:00"
    return RunNews(
        f"run{number}", job, f"2026-11-{number:02}", at, failed, steps, results, "v1", "http://127.0.0.1:1/x"
    )


def route(server: AlertServer, **told: object) -> AlertRoute:
    return AlertRoute.model_validate({"url": server.url, **told})


def test_a_check_is_told_when_it_turns_red_and_when_it_passes_again_and_not_in_between(
    server: AlertServer, tmp_path: Path
) -> None:
    routes = [route(server)]
    for news in (run(1, GREEN), run(2, check(0.3)), run(3, check(0.4)), run(4), run(5, GREEN), run(6, GREEN)):
        assert tell(tmp_path, routes, news, QUICK) == []
    assert server.red() == [[SHARE], []]
    assert server.green() == [[], [SHARE]]
    assert server.posts[1]["turned_green"][0]["since"] == "2026-11-02T18:31:00+00:00"
    tell(tmp_path, routes, run(7, check()), QUICK)
    assert server.red()[2:] == [[SHARE]]
    events = sorted(path.name for path in (tmp_path / "alerts").glob("*.json") if path.name != "state.json")
    assert events == ["20261102T183100-run2.json", "20261105T183100-run5.json", "20261107T183100-run7.json"]


def test_an_event_tells_the_figures_that_failed_their_band_and_what_to_do(
    server: AlertServer, tmp_path: Path
) -> None:
    tell(tmp_path, [route(server), route(server, form="slack")], run(2, check(0.3333, owner="R&D")), QUICK)
    (event,) = [post for post in server.posts if "run_id" in post]
    (slack,) = [post for post in server.posts if "run_id" not in post]
    assert json.loads((tmp_path / "alerts" / "20261102T183100-run2.json").read_text("utf-8")) == event
    (turned,) = event["turned_red"]
    assert turned["owner"] == "R&D"
    assert [(figure["subject"], figure["value"], figure["high"]) for figure in turned["figures"]] == [
        ("web_registrations", 0.3333, 0.2)
    ]
    assert slack.keys() == {"text"}
    assert slack["text"].splitlines() == [
        "Customer view, build for 2026-11-02: 1 check turned red.",
        "✗ Quarantine share of staging/stg_records: web_registrations quarantine share 33.33 %, expected 20 % or less. "
        "To do: Send the claim file (R&amp;D).",
        "Readers see v1.",
        "Page of the run: http://127.0.0.1:1/x",
    ]


def test_each_hears_of_the_checks_that_are_theirs_and_grave_enough(
    server: AlertServer, tmp_path: Path
) -> None:
    news = run(1, check(), check(owner="marketer", name="contacts"), check(severity="warn", name="churn"))
    for number, (told, expected) in enumerate(
        [
            ({"owners": ["marketer"]}, ["staging/stg_records:contacts"]),
            ({"owners": ["data steward"]}, [SHARE]),
            ({"severity": "warn", "owners": ["data steward"]}, [SHARE, "staging/stg_records:churn"]),
            ({}, [SHARE, "staging/stg_records:contacts"]),
            ({"owners": ["privacy officer"]}, None),
        ]
    ):
        server.posts.clear()
        tell(tmp_path / str(number), [route(server, **told)], news, QUICK)
        assert server.red() == ([] if expected is None else [expected])


def test_a_post_that_fails_is_tried_again_at_once_and_else_by_the_next_run_whatever_that_judged(
    server: AlertServer, tmp_path: Path
) -> None:
    other = AlertRoute.model_validate({"url": f"{server.url}/other", "severity": "warn"})
    server.answers = [500, 200]
    assert tell(tmp_path, [route(server)], run(1, check()), QUICK) == []
    assert (server.tries, server.red()) == (2, [[SHARE]])
    server.posts.clear()
    server.answers = [500, 503, 429]
    second = check(name="second")
    (warning,) = tell(tmp_path, [route(server)], run(2, check(), second), QUICK)
    assert (
        warning
        == "Alert 1 of ucv.toml (json) was not sent: its server answered 429; the next run tries again."
    )
    assert server.posts == []
    # A night without that check, a day later: the route that failed is told, and so is one that is new.
    assert tell(tmp_path, [route(server), other], run(3, job="nightly"), QUICK) == []
    assert sorted(server.red()) == [[SHARE, "staging/stg_records:second"], ["staging/stg_records:second"]]
    tell(tmp_path, [route(server), other], run(4, check(), second), QUICK)
    assert len(server.posts) == 2


def test_what_passed_before_anybody_was_told_is_told_to_nobody(server: AlertServer, tmp_path: Path) -> None:
    server.answers = [404]
    assert len(tell(tmp_path, [route(server)], run(1, check()), QUICK)) == 1
    assert server.tries == 1  # that address is wrong for good
    tell(tmp_path, [route(server)], run(2, GREEN), QUICK)
    assert server.posts == []


def test_a_redirected_post_is_not_taken_for_a_sent_one(server: AlertServer, tmp_path: Path) -> None:
    server.answers = [302]
    (warning,) = tell(tmp_path, [route(server)], run(1, check()), QUICK)
    assert "answered 302" in warning


def test_the_same_run_is_told_once_by_whoever_comes_first(server: AlertServer, tmp_path: Path) -> None:
    for news in (run(1, check()), run(1, check()), run(2, GREEN), run(1, check())):
        tell(tmp_path, [route(server)], news, QUICK)
    assert len(server.posts) == 2


def test_a_server_that_hangs_is_left_behind_and_the_others_are_told(
    server: AlertServer, tmp_path: Path
) -> None:
    server.answers = [None] * 3
    with AlertServer().serving() as well:
        slow = Patience(post=60.0, total=1.5, pauses=())
        warnings = tell(tmp_path, [route(server), route(well)], run(1, check()), slow)
    assert warnings == [
        "Alert 1 of ucv.toml (json) was not sent: no answer within 1.5 s; the next run tries again."
    ]
    assert well.red() == [[SHARE]]
    server.answers = [None] * 3
    (warning,) = tell(tmp_path, [route(server)], run(2), Patience(post=0.1, total=5.0, pauses=(0.0,)))
    assert "not sent: TimeoutError" in warning


def test_a_server_that_is_absent_is_told_without_its_address(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("no_proxy", "*")
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{taken.getsockname()[1]}/secret"
        (warning,) = tell(tmp_path, [AlertRoute.model_validate({"url": url})], run(1, check()), QUICK)
    assert "ConnectionRefusedError" in warning
    written = [path.read_text("utf-8") for path in (tmp_path / "alerts").rglob("*") if path.is_file()]
    assert len(written) == 3  # event, state, lock
    assert not any("secret" in text for text in [warning, *written])


def test_without_routes_the_event_is_kept_and_nobody_is_asked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("socket.socket.connect", lambda *_: pytest.fail("went out"))
    assert tell(tmp_path, [], run(1, check()), QUICK) == []
    assert (tmp_path / "alerts" / "20261101T183100-run1.json").is_file()


def test_a_run_that_failed_without_a_red_check_is_told_itself(server: AlertServer, tmp_path: Path) -> None:
    late = check(layer="delivery", name="delivery", asset="raw/letters")
    nights = [
        run(1, failed=True, steps=("golden_models",)),
        run(2, failed=True, steps=("golden_models",)),
        run(3, late, failed=True, steps=("publish",)),
        run(4, late, check(), failed=True, steps=("staging_gate",)),
        run(5, late, GREEN),
    ]
    for news in nights:
        tell(tmp_path, [route(server)], news, QUICK)
    assert server.red() == [
        ["run/build:golden_models"], ["raw/letters:delivery", "run/build:publish"], [SHARE], [],
    ]  # fmt: skip
    assert sorted(server.green()[3]) == ["run/build:golden_models", "run/build:publish", SHARE]
    assert "✗ run/build: ended in an error: golden_models." in server.posts[0]["text"]


def test_a_damaged_state_tells_once_more_rather_than_never(server: AlertServer, tmp_path: Path) -> None:
    tell(tmp_path, [route(server)], run(1, check()), QUICK)
    (tmp_path / "alerts" / "state.json").write_text("{", encoding="utf-8")
    tell(tmp_path, [route(server)], run(2, check()), QUICK)
    assert server.red() == [[SHARE], [SHARE]]


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ('url = "ftp://secret.host/x"', "alerts.0.url"),
        ('url = "secret.host"', "alerts.0.url"),
        ('url = "https://name:secret@host/x"', "alerts.0.url"),
        ('url = "https://secret.host/a b"', "alerts.0.url"),
        ('form = "json"', "either url or url_env"),
        ('url = "https://secret.host"\nurl_env = "X"', "either url or url_env"),
        ('url = "https://secret.host"\nform = "xml"', "alerts.0.form"),
        ('url = "https://secret.host"\nseverity = "loud"', "alerts.0.severity"),
        ('url = "https://secret.host"\nowner = "me"', "alerts.0.owner"),
    ],
)
def test_a_route_that_cannot_be_used_stops_before_work_and_its_address_is_not_quoted(
    tmp_path: Path, given: str, told: str
) -> None:
    (tmp_path / "ucv.toml").write_text(f"[[alerts]]\n{given}\n", encoding="utf-8")
    with pytest.raises(SettingsError, match=told) as refused:
        load_settings(tmp_path)
    assert "secret" not in f"{refused.value}{refused.value.__cause__}"


def test_an_address_may_come_from_the_environment_and_is_asked_for_before_a_night(
    server: AlertServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "ucv.toml").write_text('[[alerts]]\nurl_env = "HOOK"\n', encoding="utf-8")
    routes = load_settings(tmp_path).alerts
    with pytest.raises(SettingsError, match="HOOK"):
        check_routes(routes)
    (warning,) = tell(tmp_path, routes, run(1, check()), QUICK)
    assert "HOOK is not set" in warning
    monkeypatch.setenv("HOOK", server.url)
    check_routes(routes)
    assert tell(tmp_path, routes, run(2), QUICK) == []
    assert server.red() == [[SHARE]]


def test_a_list_of_routes_in_the_environment_that_is_no_json_is_not_quoted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("UCV_ALERTS", '[{"url": "https://secret')
    with pytest.raises(SettingsError, match="UCV_") as refused:
        load_settings(tmp_path)
    assert "secret" not in str(refused.value)
