"""The home of a demo: made by `ucv demo` itself and by nothing else, since each demo replaces what the one before delivered.

A mark in the home lists every file that a demo ever put into landing, by the hash of its bytes. What is not in that list
belongs to somebody, and then no demo runs there.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Iterator
from pathlib import Path, PurePath

from pipelines.demo.desk import SOURCES
from pipelines.demo.generate import DemoSummary, generate_demo, install_contracts
from pipelines.demo.goals import install_goals
from pipelines.demo.layouts import CONTRACTS_HOME
from pipelines.demo.person_truth import PERSON_TRUTH_FILE
from pipelines.demo.truth import TRUTH_FILE
from pipelines.errors import SettingsError
from pipelines.settings import HOME_FILE, Settings
from pipelines.storage.home import create_home
from pipelines.storage.home_version import VERSION_FILE
from pipelines.storage.key_period import PERIOD_FILE
from pipelines.storage.keys import KEY_PRINT

MARK = "ucv_demo.json"
_MADE = {HOME_FILE, KEY_PRINT.as_posix(), PERIOD_FILE.as_posix(), VERSION_FILE.as_posix(), ".run.lock"}
"""What `ucv init` writes, and the lock of a run."""
_BY_PRODUCTS = {"dagster", "docs"}  # folders of an initialised home in which no delivery and no decision lies
_DESKTOP = {".DS_Store", "Thumbs.db"}

Delivered = dict[str, str]
"""SHA-256 of a file's bytes -> its path below the home."""


def make_demo(home: Path, people: int, seed: int) -> tuple[Settings, DemoSummary]:
    """Make `home` the home of a demo and replace what an earlier demo delivered there; `people` is 1 or more.

    Raises SettingsError, before anything is written, for a home that holds what no demo made.
    """
    home = home.expanduser().resolve()
    check_demo_home(home)
    settings = create_home(home)
    delivered = _read_mark(home) or {}
    _write_mark(home, delivered)
    install_contracts(home)
    install_goals(home, settings.today())
    _remove_delivered(home, delivered)
    making = home / "demo" / "making"
    shutil.rmtree(making, ignore_errors=True)
    summary = generate_demo(making, people, seed=seed, as_of=settings.today())
    # The mark first: after a kill in between, nothing in landing can be taken for somebody's.
    files = {path.relative_to(making): _sha256(path) for path in sorted(making.glob("landing/*/*"))}
    _write_mark(home, {**delivered, **{sha: path.as_posix() for path, sha in files.items()}})
    for path in (*files, TRUTH_FILE, PERSON_TRUTH_FILE):
        (home / path).parent.mkdir(parents=True, exist_ok=True)
        (making / path).replace(home / path)
    shutil.rmtree(making)
    return settings, summary


def check_demo_home(home: Path) -> None:
    """SettingsError unless a demo may run in `home`: not there, empty, initialised without content, or made by demos only.

    Contracts and segments as they are shipped count as no content: the project's own data/ begins with them.
    """
    delivered = _read_mark(home)
    try:
        for path in _files(home):
            is_ours = _is_unused(home, path) if delivered is None else _is_of_demo(home, path, delivered)
            if path.name not in _DESKTOP and not is_ours:
                raise SettingsError(_told(home, path, is_marked=delivered is not None))
    except OSError as error:
        raise SettingsError(
            f"{home} cannot be read ({error.strerror}); use `ucv demo --home NEWFOLDER` with a folder that is not there yet."
        ) from error


def _told(home: Path, path: PurePath, *, is_marked: bool) -> str:
    held = "/".join(path.parts[:2] if len(path.parts) > 2 else path.parts)
    found = "was made by `ucv demo`, but now also" if is_marked else "was not made by `ucv demo` and"
    moved = "it" if is_marked else "all but contracts and segments (a demo of an earlier release has no mark)"
    return (
        f"{home} {found} holds {held}. A demo replaces landing and adds invented people, so it runs only in a home of its own: "
        f"use `ucv demo --home NEWFOLDER` with a folder that is not there yet, or move {moved} out of that home. "
        "Nothing was changed."
    )


def _is_unused(home: Path, path: PurePath) -> bool:
    """Whether a file may lie in a home in which nobody has worked yet."""
    if path.as_posix() in _MADE:
        return True
    if path.parts[0] in _BY_PRODUCTS:
        return (home / HOME_FILE).is_file()
    shipped = CONTRACTS_HOME / path
    is_tracked = path.parts[0] in ("contracts", "segments") and shipped.is_file()
    return is_tracked and (home / path).read_bytes() == shipped.read_bytes() and _is_shipped(path)


def _is_shipped(path: PurePath) -> bool:
    """The project's own data/ is compared with itself, so that there only the names tell."""
    return path.parts[0] != "contracts" or (path.stem in SOURCES and path.suffix == ".yml")


def _is_of_demo(home: Path, path: PurePath, delivered: Delivered) -> bool:
    """Whether a file of a marked home is a demo's, or made from what a demo delivered."""
    match path.parts:
        case ("landing", *_):
            full = home / path
            return not full.is_symlink() and delivered.get(_sha256(full)) == path.as_posix()
        case ("contracts", *_):
            return _is_shipped(path)
        case ("raw" | "quarantine", *inner):
            # A delivery is named by the start of its hash.
            name = path.name.lstrip(".").partition(".")[0]
            return len(inner) == 3 and inner[1] in SOURCES and any(sha[:32] == name for sha in delivered)
        case _:
            return True


def _files(home: Path) -> Iterator[PurePath]:
    """Every file below the home; a link counts as one, wherever it leads. Raises OSError."""

    def fail(error: OSError) -> None:
        raise error

    if not home.exists():
        return
    for folder, folders, names in os.walk(home, onerror=fail):
        for name in (*names, *(inner for inner in folders if os.path.islink(os.path.join(folder, inner)))):
            yield Path(folder, name).relative_to(home)


def _remove_delivered(home: Path, delivered: Delivered) -> None:
    for path in set(delivered.values()):
        (home / path).unlink(missing_ok=True)
    for truth in (home / TRUTH_FILE).parent.glob("truth*.parquet"):
        truth.unlink()


def _read_mark(home: Path) -> Delivered | None:
    """What demos delivered here; None where none made this home."""
    try:
        found = json.loads((home / MARK).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    listed = found.get("delivered") if isinstance(found, dict) else None
    return {str(sha): str(path) for sha, path in listed.items()} if isinstance(listed, dict) else None


def _write_mark(home: Path, delivered: Delivered) -> None:
    told = "Made by `ucv demo`; below: SHA-256 of every file that it put into landing."
    half = home / f".{MARK}.half"
    half.write_text(json.dumps({"what": told, "delivered": delivered}, indent=1), encoding="utf-8")
    half.replace(home / MARK)


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
