"""A home made from a backup: unpacked, its folders completed, and a word on the key file that it needs."""

from __future__ import annotations

from pathlib import Path

from rich.console import Console

from pipelines.publishing.backup import LAST_MANIFEST
from pipelines.publishing.restore import restore
from pipelines.publishing.version import Manifest
from pipelines.settings import Settings, load_settings
from pipelines.storage.home import make_folders
from pipelines.storage.keys import load_keys


def restore_home(archive: Path, home: Path, console: Console) -> Settings:
    """Make `home`, which must be empty or missing, the home that the archive holds.

    Raises SettingsError when the home is not empty or a key file of another home lies in its key's place, BackupError when
    the archive is damaged, cut or no backup; then nothing is restored.
    """
    home = home.expanduser().resolve()
    count = restore(archive, home)
    make_folders(home)
    settings = load_settings(home)
    console.print(f"{count:,} files restored to {home}.", highlight=False, markup=False, soft_wrap=True)
    _tell_key(settings, console)
    _tell_next(home, console)
    return settings


def _tell_key(settings: Settings, console: Console) -> None:
    if settings.key_path.exists():
        load_keys(settings)
        told = f"Its key file {settings.key_path} is there and fits."
    else:
        told = (
            f"Its key file is not on this machine: put your copy at {settings.key_path} (mode 0600) or point UCV_KEY_FILE at "
            "it. No backup holds it, and without it nothing here can be read."
        )
    console.print(told, highlight=False, markup=False, soft_wrap=True)


def _tell_next(home: Path, console: Console) -> None:
    """The view itself is in no backup: what rebuilds it, and as of which day it would be as it was."""
    path = home / LAST_MANIFEST
    if not path.is_file():
        console.print("Nothing was published in it.")
        return
    manifest = Manifest.from_json(path.read_text(encoding="utf-8"))
    console.print(
        f"Readers saw {manifest.version}. `ucv run --home {home}` rebuilds the view; with --as-of {manifest.as_of_date} as it "
        "was, if code and settings are the same.",
        highlight=False,
        markup=False,
        soft_wrap=True,
    )
