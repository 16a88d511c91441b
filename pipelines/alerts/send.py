"""Posting to the routes: each by itself, some tries, and never longer than a run may wait for it."""

from __future__ import annotations

import http.client
import json
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pipelines.alerts.route import AlertRoute


@dataclass(frozen=True)
class Patience:
    """Seconds: of one post, of all tries together, and of the pauses between tries (one try more than pauses)."""

    post: float = 5.0
    total: float = 15.0
    pauses: tuple[float, ...] = (0.5, 1.5)


PATIENCE = Patience()


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """A redirected post would arrive as a GET without its body, and look like a success."""

    def redirect_request(self, *_args: Any, **_more: Any) -> None:
        return None


def body_of(route: AlertRoute, event: Mapping[str, Any]) -> bytes:
    """What a route's server expects: the event, or its words in the form that Slack and its like take."""
    if route.form == "json":
        return json.dumps(event, ensure_ascii=False).encode()
    text = str(event["text"])
    for sign, escaped in (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;")):
        text = text.replace(sign, escaped)
    return json.dumps({"text": text}, ensure_ascii=False).encode()


def send_all(posts: Sequence[tuple[AlertRoute, bytes]], patience: Patience = PATIENCE) -> list[str | None]:
    """Post to every route at once; for each why it was not told, or None. Words never hold an address."""
    told: list[str | None] = [f"no answer within {patience.total:g} s"] * len(posts)

    def post(place: int) -> None:
        told[place] = _try(*posts[place], patience)

    # Daemon threads, left behind when the time is over: a server may send a byte every now and then for ever.
    threads = [threading.Thread(target=post, args=(place,), daemon=True) for place in range(len(posts))]
    end = time.monotonic() + patience.total
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(max(end - time.monotonic(), 0.0))
    return list(told)


def _try(route: AlertRoute, body: bytes, patience: Patience) -> str | None:
    address = route.address
    if address is None:
        return f"{route.url_env} is not set to an address"
    end = time.monotonic() + patience.total
    why, is_final = _post(address, body, patience.post)
    for pause in patience.pauses:
        left = end - time.monotonic() - pause
        if why is None or is_final or left <= 0:
            break
        time.sleep(pause)
        why, is_final = _post(address, body, min(patience.post, left))
    return why


def _post(address: str, body: bytes, timeout: float) -> tuple[str | None, bool]:
    """Why a post failed, or None; and whether another try is useless."""
    request = urllib.request.Request(  # noqa: S310 - http and https only, as the settings were checked
        address, data=body, method="POST", headers={"Content-Type": "application/json; charset=utf-8"}
    )
    try:
        with urllib.request.build_opener(_NoRedirect).open(request, timeout=timeout):
            return None, True
    except urllib.error.HTTPError as error:
        error.close()
        return f"its server answered {error.code}", error.code < 500 and error.code not in (408, 429)
    except urllib.error.URLError as error:
        return f"{type(error.reason).__name__}", False
    except (OSError, http.client.HTTPException, ValueError) as error:
        return type(error).__name__, False
