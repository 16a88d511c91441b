"""Verdicts and opinions as they stand in the home's state, read again when their files changed."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from pipelines.desk.steward.opinions import Opinion, last_opinions, opinions_path, read_opinions
from pipelines.identity.verdicts import Verdict, active_verdicts, read_verdicts, verdicts_path

Pair = tuple[str, str]


class StewardState:
    """Of one home. Raises VerdictError or UcvError for a damaged line."""

    def __init__(self, home: Path) -> None:
        self._home = home
        self._lock = threading.Lock()
        self._opinions: list[Opinion] = []
        self._known: dict[str, tuple[tuple[int, int], Any]] = {}

    def held(self) -> Mapping[Pair, Verdict]:
        """The verdicts that hold, by pair of tokens."""
        read = lambda: {one.pair: one for one in active_verdicts(read_verdicts(self._home))}  # noqa: E731
        found: Mapping[Pair, Verdict] = self._fresh(verdicts_path(self._home), read)
        return found

    def opinions(self) -> Mapping[Pair, Mapping[str, Opinion]]:
        """Pair -> steward -> that steward's last word."""
        found: Mapping[Pair, Mapping[str, Opinion]] = self._fresh(
            opinions_path(self._home), self._read_opinions
        )
        return found

    def _read_opinions(self) -> Mapping[Pair, Mapping[str, Opinion]]:
        """The file is only ever added to: what was read before is not checked again."""
        self._opinions = read_opinions(self._home, self._opinions)
        return last_opinions(self._opinions)

    def _fresh(self, path: Path, read: Callable[[], Any]) -> Any:
        with self._lock:
            try:
                stat = path.stat()
                stamp = (stat.st_size, stat.st_mtime_ns)
            except FileNotFoundError:
                stamp = (0, 0)
            known = self._known.get(path.name)
            if known is None or known[0] != stamp:
                known = self._known[path.name] = (stamp, read())
            return known[1]
