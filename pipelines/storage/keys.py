"""The key file of a home and the keys derived from it. It lies outside the home and the repository, mode 0600."""

from __future__ import annotations

import base64
import hashlib
import json
import os
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from pipelines.errors import SettingsError
from pipelines.settings import HOME_FILE, Settings
from pipelines.storage.erased_since import is_behind
from pipelines.storage.home_version import refuse_newer

KEY_PRINT = Path("state") / "key_print"
"""Where a home remembers which key it was written with; 64 bits derived from it, of no use for opening anything."""

_NONCE_BYTES = 12  # AES-GCM, NIST SP 800-38D


@dataclass(frozen=True)
class Keys:
    """The keys of one home, all derived (HKDF-SHA256, RFC 5869) from one random master secret of 32 bytes."""

    home_id: str
    master: bytes

    def __repr__(self) -> str:
        return f"Keys(home_id={self.home_id!r})"

    def derive(self, purpose: str) -> bytes:
        """32 bytes for one purpose; different purposes never share a key."""
        return HKDF(algorithm=SHA256(), length=32, salt=None, info=f"ucv/{purpose}".encode()).derive(
            self.master
        )

    def duckdb_key(self, purpose: str) -> str:
        """A key in the base64 form that DuckDB takes for encrypted databases and Parquet files."""
        return base64.b64encode(self.derive(purpose)).decode()

    def tokeniser(self) -> Callable[[str], str]:
        """A function to keyed tokens (BLAKE2b, 128 bits, hex) that stand for a text where state must not name people."""
        key = self.derive("token")
        return lambda text: hashlib.blake2b(text.encode(), key=key, digest_size=16).hexdigest()

    def peppered(self, version: int) -> Callable[[str], str]:
        """As `tokeniser`, for what has to be known again although nothing of it is kept: tombstones of erased people.

        `version` is that of the pepper, which every tombstone names: a later pepper leaves earlier tombstones readable.
        """
        key = self.derive(f"erasure-pepper/{version}")
        return lambda text: hashlib.blake2b(text.encode(), key=key, digest_size=16).hexdigest()

    def encrypt(self, plain: bytes, purpose: str) -> bytes:
        """AES-256-GCM, nonce in front."""
        nonce = os.urandom(_NONCE_BYTES)
        return nonce + AESGCM(self.derive(purpose)).encrypt(nonce, plain, purpose.encode())

    def decrypt(self, sealed: bytes, purpose: str) -> bytes:
        """The inverse of `encrypt`; SettingsError when the key is another or the bytes were changed."""
        try:
            return AESGCM(self.derive(purpose)).decrypt(
                sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], purpose.encode()
            )
        except InvalidTag as error:
            raise SettingsError(
                f"A file sealed for '{purpose}' does not open: it was changed, or the key file belongs to another home."
            ) from error


def require_home(settings: Settings) -> Settings:
    """The settings as they came; SettingsError when the home is not initialised, as after a typo in its path, or is of a later
    release."""
    if not settings.home_id:
        raise SettingsError(
            f"{settings.home} is not an initialised home (no home_id in {HOME_FILE}); run `ucv init {settings.home}`."
        )
    refuse_newer(settings.home)
    return settings


def load_keys(settings: Settings, *, to_erase: bool = False) -> Keys:
    """Read the key file; SettingsError when the home is not initialised or the file is missing, odd or another home's.

    Also when people were erased whom this copy of the home still holds, unless it is loaded `to_erase` them.
    """
    require_home(settings)
    path = settings.key_path
    try:
        stored = json.loads(path.read_text(encoding="utf-8"))
        keys = Keys(home_id=stored["home_id"], master=base64.b64decode(stored["master"], validate=True))
    except FileNotFoundError as error:
        raise SettingsError(
            f"No key file for home {settings.home_id}: expected {path}. Put the backed-up key file there or point "
            "UCV_KEY_FILE at it; without it raw, warehouse and state cannot be read."
        ) from error
    except (ValueError, KeyError, TypeError, OSError) as error:
        raise SettingsError(
            f"Key file {path} cannot be used ({type(error).__name__}); restore it from backup."
        ) from error
    _check_key(keys, settings)
    if not to_erase and is_behind(settings):
        raise SettingsError(
            f"People were erased whom {settings.home} still holds: it was restored or copied without their tombstones. "
            f"`ucv erase --home {settings.home}` lets them leave; until then nothing of it is read."
        )
    return keys


def _check_key(keys: Keys, settings: Settings) -> None:
    """Before anything is read or, worse, written with a key that fits nothing else in this home."""
    print_path = settings.home / KEY_PRINT
    known = print_path.read_text(encoding="ascii", errors="replace").strip() if print_path.is_file() else None
    if keys.home_id != settings.home_id or known not in (None, _print_of(keys)):
        raise SettingsError(
            f"Key file {settings.key_path} is not the one that {settings.home} was written with; put the backed-up "
            "key file there or point UCV_KEY_FILE at it. Nothing was read or written."
        )


def _print_of(keys: Keys) -> str:
    return keys.derive("print").hex()[:16]


def create_key_file(settings: Settings) -> Path:
    """Write a fresh key file (0600) for the home unless there is one; return its path.

    Raises SettingsError when the home was written with a key whose file is gone, or with another key.
    """
    path = settings.key_path
    if path.exists():
        _keep_print(settings)
        return path
    if (settings.home / KEY_PRINT).exists():
        load_keys(settings)  # tells that the file is missing: a fresh key would open nothing that is here
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    stored = {"home_id": settings.home_id, "master": base64.b64encode(secrets.token_bytes(32)).decode()}
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        json.dump(stored, file)
    _keep_print(settings)
    return path


def _keep_print(settings: Settings) -> None:
    path = settings.home / KEY_PRINT
    if not path.exists():
        keys = load_keys(settings)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(_print_of(keys) + "\n", encoding="ascii")
