"""Which form a home's files have: a number in `state/home_version`, so that code never works on a form that it does not know."""

from __future__ import annotations

from pathlib import Path

from pipelines.errors import SettingsError
from pipelines.storage.durable import write_file

HOME_VERSION = 2
"""The form that this code writes. 1: before December 2026, without a number. 2: every manifest tells `loaded_at`."""

VERSION_FILE = Path("state") / "home_version"


def home_version(home: Path) -> int:
    """The number of a home; 1 where none is written. SettingsError when what is written is no number."""
    path = home / VERSION_FILE
    try:
        return int(path.read_text(encoding="ascii"))
    except FileNotFoundError:
        return 1
    except (ValueError, OSError) as error:
        raise SettingsError(
            f"{path} cannot be read as a number ({type(error).__name__}); expected 1 to {HOME_VERSION}. Restore it from a backup."
        ) from error


def refuse_newer(home: Path) -> None:
    """SettingsError when a later release wrote this home: nothing may be read or written by rules that have changed since."""
    found = home_version(home)
    if found > HOME_VERSION:
        raise SettingsError(
            f"{home} has form {found}; this release knows forms up to {HOME_VERSION}. Use the release that wrote it or a later "
            "one. Nothing was read or written."
        )


def write_home_version(home: Path, number: int) -> None:
    """Set the number in one step, durably."""
    write_file(home / VERSION_FILE, f"{number}\n")
