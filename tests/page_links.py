"""What a page loads or links to: remote addresses, and files that are not there."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path

_STYLE = re.compile(r"url\(\s*['\"]?([^'\")]+)|@import\s+['\"]([^'\"]+)")
_ADDRESSES = {"src", "href", "srcset", "data", "poster", "action", "xlink:href"}


class _References(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self.guarded = 0
        self._in_style = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._in_style = tag == "style"
        for name, value in attrs:
            if name in _ADDRESSES and value:
                self.found.append(value)
            if name == "style" and value:
                self.found += in_style(value)
            self.guarded += name in ("integrity", "crossorigin")

    def handle_data(self, data: str) -> None:
        if self._in_style:
            self.found += in_style(data)


def in_style(text: str) -> list[str]:
    return [first or second for first, second in _STYLE.findall(text)]


def faults(page: Path) -> list[str]:
    """Every remote address of an HTML or CSS file, every local one without a file, every leftover integrity attribute."""
    text = page.read_text(encoding="utf-8")
    parser = _References()
    parser.feed(text if page.suffix == ".html" else "")
    found = parser.found if page.suffix == ".html" else in_style(text)
    told = [f"{parser.guarded} integrity or crossorigin"] if parser.guarded else []
    for address in found:
        if address.startswith(("#", "data:")):
            continue
        local = address.partition("#")[0].partition("?")[0]
        if re.match(r"(?i)[a-z][a-z0-9+.-]*:|//", address) or not (page.parent / local).is_file():
            told.append(address)
    return told
