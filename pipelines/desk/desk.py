"""What all rooms share: the home, its keys or a role's key, sessions, and what a version holds open for its readers."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Generic, TypeVar

from pipelines.desk.sessions import Session, Sessions
from pipelines.errors import PublishError, SettingsError, UcvError
from pipelines.publishing.version import current_version
from pipelines.settings import Settings
from pipelines.storage.keys import Keys, load_keys

T = TypeVar("T")
_MOST_TRIES = 5
Stamp = tuple[str, int, int]
"""A version and its file as it lies there: an erasure or new keys write the file anew under the same version."""


class RefusedError(UcvError):
    """The session may not do this, or a form is not of this session."""


class StaleError(UcvError):
    """The page showed a version that readers have left meanwhile."""


@dataclass
class Desk:
    """One running desk. `key_file` is a role's key that was handed out; without one the home's keys are used."""

    settings: Settings
    key_file: Path | None = None
    sessions: Sessions = field(default_factory=Sessions)
    purpose: str | None = None
    rooms: dict[str, Any] = field(default_factory=dict)
    """Role -> what its room keeps between requests."""

    def keys(self) -> Keys:
        """The home's keys, read anew: they may have changed. Raises SettingsError where there are none, or only a role's."""
        if self.key_file is not None:
            raise SettingsError(
                f"Received a role's key ({self.key_file}), which opens that role's file alone; this room works on the whole version. "
                "Expected the home's keys: start `ucv desk` without --key, as whoever holds them."
            )
        return load_keys(self.settings)

    def version(self) -> str:
        """The version published now. Raises PublishError where nothing is."""
        version = current_version(self.settings.home)
        if version is None:
            raise PublishError(
                f"Nothing is published in {self.settings.home} yet; run `ucv run` (or `ucv demo`) first."
            )
        return version


@dataclass(frozen=True)
class Call:
    """One request of a session. `form` holds what a POST sent; `is_part` tells that only a part of the page is asked for."""

    session: Session
    form: Mapping[str, list[str]]
    is_part: bool = False
    path: Mapping[str, str] = field(default_factory=dict)

    def text(self, name: str) -> str:
        """The first value of a field, trimmed; empty where there is none."""
        return next(iter(self.form.get(name, ())), "").strip()


class Holder(Generic[T]):
    """What was made of one version, kept until readers' version changes. A request that began goes on with what it got: a connection
    closes by itself once nobody refers to it any more.

    `stamp` tells which file of which version is current, `make` opens it.
    """

    def __init__(self, stamp: Callable[[], Stamp], make: Callable[[], T]) -> None:
        self._stamp, self._make = stamp, make
        self._lock = threading.Lock()
        self._held: tuple[Stamp, T] | None = None

    def now(self) -> tuple[str, T]:
        """The version published now, and what was made of it. When the switch turns while it is opened, it is opened anew."""
        failed: UcvError | None = None
        with self._lock:
            for _ in range(_MOST_TRIES):
                stamp = self._current()
                if stamp is not None and self._held is not None and self._held[0] == stamp:
                    return stamp[0], self._held[1]
                try:
                    made = self._make()
                except UcvError as error:
                    failed = error
                    if self._current() == stamp:  # it is the same file still, so that no switch explains it
                        break
                    continue
                if stamp is not None and self._current() == stamp:
                    self._held = (stamp, made)
                    return stamp[0], made
        raise failed or PublishError("Versions change faster than one can be opened; try again.")

    def _current(self) -> Stamp | None:
        """None where nothing is published, or its file is gone: opening it tells what is wrong."""
        try:
            return self._stamp()
        except UcvError:
            return None


def stamp_of(version: str, path: Path) -> Stamp:
    """The file of a version as it lies there now. Raises StaleError where it is gone."""
    try:
        found = path.stat()
    except OSError:
        raise StaleError(
            f"{path.name} of version {version} is gone; `ucv run --full-refresh` makes it, `ucv verify` tells of damage."
        ) from None
    return version, found.st_ino, found.st_mtime_ns
