"""Who sits at the desk: one-time links, and the sessions that they open, each for one role. All in memory: ending the desk ends them."""

from __future__ import annotations

import hashlib
import secrets
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from pipelines.errors import UcvError

LINK_SECONDS = 15 * 60.0
"""A link opens one session, within this time."""
SESSION_SECONDS = 10 * 3600.0
"""The longest sitting."""
IDLE_SECONDS = 2 * 3600.0
"""A session that nobody used for so long is over."""


class SessionError(UcvError):
    """A link or session that opens nothing (any more)."""


@dataclass
class Session:
    """One person's sitting in one role. `csrf` is what a form of this session proves itself with."""

    role: str
    name: str
    csrf: str
    began: float
    seen: float
    language: str = "en"
    is_blind: bool = False
    purpose: str = ""
    undo: list[Any] = field(default_factory=list)
    """The steward's judgements of this sitting, the newest last."""


class Sessions:
    """Links and sessions, kept by the hash of what opens them. `clock` gives seconds and never goes back."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._links: dict[bytes, tuple[str, str, float]] = {}
        self._sessions: dict[bytes, Session] = {}

    def link(self, role: str, name: str) -> str:
        """A token that opens one session of this role for this person."""
        token = secrets.token_urlsafe(32)
        with self._lock:
            self._links[_hash(token)] = (role, name, self._clock())
        return token

    def enter(self, token: str) -> tuple[str, Session]:
        """The cookie's value and the session that a link opens. Raises SessionError for one that opens nothing."""
        with self._lock:
            role, name, made = self._links.pop(_hash(token), ("", "", 0.0))
            now = self._clock()
            if not role or now - made > LINK_SECONDS:
                raise SessionError(
                    f"This link opens nothing: it was used, or is older than {LINK_SECONDS / 60:.0f} minutes. Expected the newest "
                    "link of a running desk; Enter in the terminal of `ucv desk` prints another one."
                )
            cookie = secrets.token_urlsafe(32)
            session = Session(role, name, secrets.token_urlsafe(32), now, now)
            self._sessions[_hash(cookie)] = session
        return cookie, session

    def find(self, cookie: str | None) -> Session:
        """The session of a cookie. Raises SessionError where there is none, or it is over."""
        with self._lock:
            session = self._sessions.get(_hash(cookie or ""))
            now = self._clock()
            if session is None:
                raise SessionError(
                    "No session was received, or one of a desk that has ended. Open the link that `ucv desk` printed."
                )
            if now - session.began > SESSION_SECONDS or now - session.seen > IDLE_SECONDS:
                del self._sessions[_hash(cookie or "")]
                raise SessionError(
                    f"This session is over: it ends after {SESSION_SECONDS / 3600:.0f} hours, and after {IDLE_SECONDS / 3600:.0f} "
                    "without a click. Enter in the terminal of `ucv desk` prints a new link; what was judged is kept."
                )
            session.seen = now
        return session

    def leave(self, cookie: str | None) -> None:
        """End a session, if there is one."""
        with self._lock:
            self._sessions.pop(_hash(cookie or ""), None)


def _hash(text: str) -> bytes:
    return hashlib.sha256(text.encode()).digest()
