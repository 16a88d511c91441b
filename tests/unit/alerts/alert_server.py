"""A server on loopback that keeps what is posted to it and answers as a test says."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


class AlertServer:
    """`answers` are the codes of the next posts, 200 when there are none left; None keeps the post waiting until the end."""

    def __init__(self) -> None:
        self.answers: list[int | None] = []
        self.posts: list[dict[str, Any]] = []
        self.tries = 0
        self.released = threading.Event()
        self._http = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self.url = f"http://127.0.0.1:{self._http.server_address[1]}/hook/secret"

    def red(self) -> list[list[str]]:
        """The checks that each post told to be red."""
        return [[turn["check"] for turn in post["turned_red"]] for post in self.posts]

    def green(self) -> list[list[str]]:
        return [[turn["check"] for turn in post["turned_green"]] for post in self.posts]

    @contextmanager
    def serving(self) -> Iterator[AlertServer]:
        threading.Thread(target=self._http.serve_forever, args=(0.01,), daemon=True).start()
        try:
            yield self
        finally:
            self.released.set()
            self._http.shutdown()
            self._http.server_close()

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        server = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                server.tries += 1
                body = self.rfile.read(int(self.headers["Content-Length"]))
                code = server.answers.pop(0) if server.answers else 200
                if code is None:
                    server.released.wait(30)
                    return
                if code == 200:
                    server.posts.append(json.loads(body))
                self.send_response(code)
                if 300 <= code < 400:
                    self.send_header("Location", "/elsewhere")
                self.send_header("Content-Length", "0")
                self.end_headers()

            def do_GET(self) -> None:
                self.send_response(200)
                self.end_headers()

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002
                return

        return Handler
