"""A home made from a backup: unpacked, its folders completed, and a word on the key file that it needs."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from rich.console import Console

from pipelines.command.erase import replay
from pipelines.command.erase_shown import show_receipt
from pipelines.privacy.receipts import Receipt
from pipelines.publishing.backup import LAST_MANIFEST
from pipelines.publishing.restore import restore
from pipelines.publishing.version import Manifest
from pipelines.settings import Settings, load_settings
from pipelines.storage.durable import write_file
from pipelines.storage.erased_since import copy_beside_key
from pipelines.storage.home import make_folders
from pipelines.storage.keys import load_keys


def restore_home(archive: Path, home: Path, console: Console, tombstones: tuple[Path, ...] = ()) -> Settings:
    """Make `home`, which must be empty or missing, the home that the archive holds.

    Whoever was erased since the backup leaves it before it is in place: by the tombstones beside the key file and in the files
    `tombstones`. Where the key is not on this machine yet, the tombstones wait beside its place, and nothing can be read of
    the home before that is done.

    Raises SettingsError when the home is not empty or a key file of another home lies in its key's place, BackupError when
    the archive is damaged, cut or no backup; then nothing is restored.
    """
    home = home.expanduser().resolve()
    receipts: list[Receipt] = []
    count = restore(archive, home, lambda unpacked: _replay(unpacked, tombstones, receipts))
    make_folders(home)
    settings = load_settings(home)
    console.print(f"{count:,} files restored to {home}.", highlight=False, markup=False, soft_wrap=True)
    _tell_key(settings, console)
    for receipt in receipts:
        show_receipt(receipt, console)
    _tell_next(home, console)
    return settings


def _replay(unpacked: Path, tombstones: tuple[Path, ...], receipts: list[Receipt]) -> None:
    settings = load_settings(unpacked)
    if settings.key_path.exists():
        receipt = replay(settings, load_keys(settings, to_erase=True), datetime.now(UTC), tombstones)
        receipts += [receipt] if receipt else []
        return
    outside = copy_beside_key(settings)
    for path in tombstones:
        known = outside.read_bytes().splitlines() if outside.exists() else []
        new = [line for line in path.read_bytes().splitlines() if line not in known]
        write_file(outside, b"".join(line + b"\n" for line in (*known, *new)))


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
