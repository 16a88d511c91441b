"""Links open one session, once and not for long; sessions end."""

from __future__ import annotations

import pytest

from pipelines.desk.sessions import IDLE_SECONDS, LINK_SECONDS, SESSION_SECONDS, SessionError, Sessions


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def test_a_link_opens_one_session_once() -> None:
    sessions = Sessions()
    token = sessions.link("steward", "li")
    cookie, session = sessions.enter(token)
    assert (session.role, session.name) == ("steward", "li")
    assert sessions.find(cookie) is session
    with pytest.raises(SessionError, match="opens nothing"):
        sessions.enter(token)
    with pytest.raises(SessionError, match="opens nothing"):
        sessions.enter(cookie)


def test_a_link_that_nobody_used_in_time_opens_nothing() -> None:
    clock = Clock()
    sessions = Sessions(clock)
    token = sessions.link("service", "li")
    clock.now = LINK_SECONDS + 1
    with pytest.raises(SessionError, match="older than 15 minutes"):
        sessions.enter(token)


@pytest.mark.parametrize("step", [IDLE_SECONDS + 1, IDLE_SECONDS - 1])
def test_a_session_ends_when_nobody_uses_it_and_after_its_longest_time(step: float) -> None:
    clock = Clock()
    sessions = Sessions(clock)
    cookie, _ = sessions.enter(sessions.link("service", "li"))
    with pytest.raises(SessionError, match="is over"):
        while clock.now <= SESSION_SECONDS + step:
            clock.now += step
            sessions.find(cookie)
            assert step < IDLE_SECONDS
    with pytest.raises(SessionError, match="No session"):
        sessions.find(cookie)


def test_leaving_ends_a_session_and_an_unknown_cookie_is_none() -> None:
    sessions = Sessions()
    cookie, _ = sessions.enter(sessions.link("service", "li"))
    sessions.leave(cookie)
    for one in (cookie, None, "", "x"):
        with pytest.raises(SessionError, match="No session"):
            sessions.find(one)
