"""Where the keys of a home come from: the environment, a command (a vault's client), or a file of mode 0600; in this order.

Messages tell what was received by its kind and length at most, never its text.
"""

from __future__ import annotations

import os
import shlex
import stat
import subprocess
from pathlib import Path

from pipelines.errors import SettingsError
from pipelines.settings import Settings
from pipelines.storage.durable import sync_directory
from pipelines.storage.key_document import KeyDocument, parse_document

VARIABLE = "UCV_KEYS"
"""Environment variable that may hold the whole document."""

_COMMAND_SECONDS = 60


def is_writable_source(settings: Settings) -> bool:
    """Whether a new period can be written by us: into the file, not into somebody's environment or vault."""
    return not (os.environ.get(VARIABLE) or settings.key_command)


def told_source(settings: Settings) -> str:
    """Where the keys come from, for messages."""
    if os.environ.get(VARIABLE):
        return f"the environment variable {VARIABLE}"
    return "the command of UCV_KEY_COMMAND" if settings.key_command else f"key file {settings.key_path}"


def read_document(settings: Settings) -> KeyDocument:
    """The keys of a home. SettingsError when there are none, they cannot be read, or are no keys at all."""
    text = os.environ.get(VARIABLE) or _from_command(settings) or _from_file(settings)
    try:
        return parse_document(text)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise SettingsError(
            f"What {told_source(settings)} holds cannot be used ({type(error).__name__}): received {len(text)} characters, "
            f"expected the JSON document that `ucv init` wrote for home {settings.home_id}. Restore it from backup."
        ) from None


def write_document(path: Path, document: KeyDocument) -> None:
    """Write a key file in one step, readable by its owner alone. Raises SettingsError when the folder cannot be written."""
    write_secret(path, document.to_json())


def write_secret(path: Path, text: str) -> None:
    """The same for any text that its owner alone may read."""
    half = path.with_name(f".{path.name}.tmp")
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        half.unlink(missing_ok=True)
        descriptor = os.open(half, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        os.replace(half, path)
        sync_directory(path.parent)
    except OSError as error:
        half.unlink(missing_ok=True)
        raise SettingsError(
            f"Key file {path} could not be written ({error.strerror}); nothing was changed."
        ) from error


def _from_command(settings: Settings) -> str:
    """What the command prints; "" where none is set. Its output and its errors may hold secrets and are never shown."""
    if not settings.key_command:
        return ""
    advice = "Run it by hand on this machine, as this user; it must print the key document and nothing else."
    try:
        done = subprocess.run(  # noqa: S603 - the owner of the home names the command
            shlex.split(settings.key_command),
            capture_output=True,
            timeout=_COMMAND_SECONDS,
            check=False,
            stdin=subprocess.DEVNULL,
        )
    except (OSError, ValueError, subprocess.TimeoutExpired) as error:
        raise SettingsError(f"UCV_KEY_COMMAND could not be run ({type(error).__name__}). {advice}") from None
    if done.returncode != 0 or not done.stdout.strip():
        raise SettingsError(
            f"UCV_KEY_COMMAND ended with exit code {done.returncode} and {len(done.stdout)} bytes of output. {advice}"
        )
    return done.stdout.decode("utf-8", "replace")


def _from_file(settings: Settings) -> str:
    path = settings.key_path
    try:
        mode = stat.S_IMODE(path.stat().st_mode)
        if mode & 0o077:
            raise SettingsError(
                f"Key file {path} has mode {mode:04o}: others on this machine can read it; expected 0600. "
                f"`chmod 600 {path}`, and `ucv keys rotate` if anybody may have read it."
            )
        return path.read_text(encoding="utf-8")
    except FileNotFoundError as error:
        raise SettingsError(
            f"No key file for home {settings.home_id}: expected {path}. Put the backed-up key file there or point "
            f"UCV_KEY_FILE at it ({VARIABLE} and UCV_KEY_COMMAND are other ways); without it raw, warehouse and state cannot be read."
        ) from error
    except (OSError, ValueError) as error:
        raise SettingsError(
            f"Key file {path} cannot be used ({type(error).__name__}); restore it from backup."
        ) from None
