"""A headless Chromium over its debugging port: opens pages, presses keys, takes pictures, and tells every request and error."""

from __future__ import annotations

import base64
import json
import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from websockets.sync.client import ClientConnection, connect

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
IS_MISSING = CHROMIUM is None and not os.environ.get("REQUIRE_CHROMIUM")
"""Where CI asks for a browser, tests without one fail."""
_WAIT_SECONDS = 30.0


class Page:
    """One tab. `requests` holds every address that was asked for, `errors` what the console or the policy complained of."""

    def __init__(self, socket: ClientConnection) -> None:
        self._socket, self._number = socket, 0
        self.requests: list[str] = []
        self.errors: list[str] = []
        for domain in ("Page", "Runtime", "Network", "Log"):
            self.send(f"{domain}.enable")

    def send(self, method: str, **parameters: Any) -> dict[str, Any]:
        self._number += 1
        self._socket.send(json.dumps({"id": self._number, "method": method, "params": parameters}))
        until = time.monotonic() + _WAIT_SECONDS
        while time.monotonic() < until:
            told = json.loads(self._socket.recv(timeout=_WAIT_SECONDS))
            if told.get("id") == self._number:
                assert "error" not in told, told
                return dict(told["result"])
            self._note(told)
        raise AssertionError(f"{method} was not answered")

    def _note(self, told: dict[str, Any]) -> None:
        if told["method"] == "Network.requestWillBeSent":
            self.requests.append(told["params"]["request"]["url"])
        elif told["method"] == "Runtime.exceptionThrown":
            self.errors.append(str(told["params"]["exceptionDetails"]["text"]))
        elif told["method"] == "Log.entryAdded" and told["params"]["entry"]["level"] == "error":
            self.errors.append(str(told["params"]["entry"]["text"]))

    def look(self, width: int, height: int, *, dark: bool = False, language: str = "en") -> None:
        """The size of the window, the colours that the system asks for, and the language that the browser asks for."""
        self.send(
            "Emulation.setDeviceMetricsOverride",
            width=width,
            height=height,
            deviceScaleFactor=1,
            mobile=width < 600,
        )
        scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
        self.send("Emulation.setEmulatedMedia", features=[scheme])
        self.send("Network.setExtraHTTPHeaders", headers={"accept-language": language})

    def open(self, address: str, until: str = "document.readyState === 'complete'") -> None:
        self.send("Page.navigate", url=address)
        self.wait(until)

    def ask(self, script: str) -> Any:
        """The value of an expression on the page."""
        told = self.send("Runtime.evaluate", expression=script, returnByValue=True, awaitPromise=True)
        return told["result"].get("value")

    def wait(self, script: str) -> None:
        """Until an expression is true; a page that is being left answers nothing."""
        until = time.monotonic() + _WAIT_SECONDS
        while time.monotonic() < until:
            try:
                if self.ask(f"!!({script})"):
                    return
            except AssertionError:
                pass
            time.sleep(0.02)
        raise AssertionError(f"never true: {script}; {self.ask('document.body.innerText')}; {self.errors}")

    def press(self, key: str) -> None:
        for kind in ("keyDown", "keyUp"):
            self.send("Input.dispatchKeyEvent", type=kind, key=key, text=key if kind == "keyDown" else "")

    def picture(self, path: Path, *, whole: bool = True) -> Path:
        told = self.send("Page.captureScreenshot", format="png", captureBeyondViewport=whole)
        path.write_bytes(base64.b64decode(told["data"]))
        return path


@contextmanager
def browser(folder: Path) -> Iterator[Page]:
    """One tab of a Chromium with its profile in `folder`; it ends with the block."""
    assert CHROMIUM is not None
    words = [
        CHROMIUM, "--headless=new", "--no-sandbox", "--remote-debugging-port=0", f"--user-data-dir={folder}",
        "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync", "about:blank",
    ]  # fmt: skip
    process = subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        with connect(_address(folder), max_size=None, compression=None) as socket:
            yield Page(socket)
    finally:
        process.terminate()
        process.wait(timeout=20)


def _address(folder: Path) -> str:
    """Of the only tab, as the browser tells it on its debugging port."""
    import urllib.request  # noqa: PLC0415

    until = time.monotonic() + _WAIT_SECONDS
    told = folder / "DevToolsActivePort"
    while time.monotonic() < until:
        if told.exists() and told.read_text().strip():
            port = told.read_text().split()[0]
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/json/list") as answer:
                for tab in json.load(answer):
                    if tab["type"] == "page":
                        return str(tab["webSocketDebuggerUrl"])
        time.sleep(0.05)
    raise AssertionError("Chromium did not start")
