"""What stands before every request: only our own host, only small bodies, only GET and POST, and the headers of every answer."""

from __future__ import annotations

from typing import Any

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

MOST_BYTES = 64 * 1024
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "content-security-policy": _POLICY,
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "same-origin",  # no-referrer would make our own forms come from nowhere (Origin: null)
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
    "cache-control": "no-store",
}
"""Of every answer: nothing but our own files runs or loads, nothing is kept by the browser, no other page may hold one of ours."""


class Guard:
    """Refuses a foreign host (DNS rebinding), a foreign origin, other methods and large bodies before anything is read."""

    def __init__(self, app: ASGIApp, port: int) -> None:
        self._app = app
        self._hosts = {f"127.0.0.1:{port}", f"localhost:{port}"}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        if scope["type"] != "http":
            return

        async def send_guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(HEADERS)
            await send(message)

        refused = self._refused(scope)
        if refused is not None:
            await PlainTextResponse(refused[1] + "\n", refused[0])(scope, receive, send_guarded)
            return
        await self._app(scope, receive, send_guarded)

    def _refused(self, scope: Scope) -> tuple[int, str] | None:
        """Status and reason. What was received is told only where it cannot be somebody's data."""
        headers = Headers(scope=scope)
        expected = ", ".join(sorted(self._hosts))
        if headers.get("host", "") not in self._hosts:
            return (
                421,
                f"Received another host; expected one of {expected}. Open the link that `ucv desk` printed.",
            )
        if scope["method"] not in ("GET", "HEAD", "POST"):
            return 405, "Expected GET or POST."
        if scope["method"] != "POST":
            return None
        if not self._is_ours(headers):
            return 403, f"Received a form from another page; expected one of {expected}."
        return None if _is_small(headers) else (413, f"Expected a form of at most {MOST_BYTES} bytes.")

    def _is_ours(self, headers: Headers) -> bool:
        origin, site = headers.get("origin"), headers.get("sec-fetch-site")
        own = {f"http://{host}" for host in self._hosts}
        return (origin is None or origin in own) and (site is None or site == "same-origin")


def _is_small(headers: Any) -> bool:
    """A POST tells its length, so that nobody reads on and on."""
    length = str(headers.get("content-length", ""))
    return length.isdecimal() and int(length) <= MOST_BYTES
