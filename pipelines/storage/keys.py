"""The keys of a home: of its period, of earlier ones, and for tokens. They lie outside the home and the repository."""

from __future__ import annotations

import base64
import hashlib
import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from pipelines.errors import SettingsError
from pipelines.settings import HOME_FILE, Settings
from pipelines.storage.erased_since import is_behind
from pipelines.storage.home_version import refuse_newer
from pipelines.storage.key_document import Identity, KeyDocument, derived, new_document, print_of
from pipelines.storage.key_period import HomePeriod, read_period, write_period
from pipelines.storage.key_source import is_writable_source, read_document, told_source, write_document

KEY_PRINT = Path("state") / "key_print"
"""Where a home remembers which keys it was written with; 64 bits derived from the tokens' secret, of no use for opening anything."""

_NONCE_BYTES = 12  # AES-GCM, NIST SP 800-38D


@dataclass(frozen=True)
class Keys:
    """The keys of one home, all derived (HKDF-SHA256, RFC 5869) from random secrets of 32 bytes.

    `master` is the secret of `period`, in which everything is written; `others` are those of other periods, for files that
    a reader meets while keys change. Tokens come from `identity`, which no period changes; without one from `master`.
    """

    home_id: str
    master: bytes
    period: int = 1
    identity: Identity | None = None
    others: Mapping[int, bytes] = field(default_factory=dict)

    def __repr__(self) -> str:
        return f"Keys(home_id={self.home_id!r}, period={self.period})"

    def derive(self, purpose: str) -> bytes:
        """32 bytes for one purpose of this period; different purposes never share a key."""
        return derived(self.master, purpose)

    def duckdb_key(self, purpose: str) -> str:
        """A key in the base64 form that DuckDB takes for encrypted databases and Parquet files."""
        return base64.b64encode(self.derive(purpose)).decode()

    def of_periods(self) -> Iterator[Keys]:
        """These keys, then those of every other period, the newest first."""
        yield self
        for number in sorted(self.others, reverse=True):
            yield self.of_period(number)

    def of_period(self, number: int) -> Keys:
        """The keys of another period of the same home; KeyError when it is not there."""
        if number == self.period:
            return self
        rest = {self.period: self.master, **{n: one for n, one in self.others.items() if n != number}}
        return replace(self, master=self.others[number], period=number, others=rest)

    def tokeniser(self) -> Callable[[str], str]:
        """A function to keyed tokens (BLAKE2b, 128 bits, hex) that stand for a text where state must not name people."""
        key = self._lasting("token")
        return lambda text: hashlib.blake2b(text.encode(), key=key, digest_size=16).hexdigest()

    def peppered(self, version: int) -> Callable[[str], str]:
        """As `tokeniser`, for what has to be known again although nothing of it is kept: tombstones of erased people.

        `version` is that of the pepper, which every tombstone names: a later pepper leaves earlier tombstones readable.
        """
        key = self._lasting(f"erasure-pepper/{version}")
        return lambda text: hashlib.blake2b(text.encode(), key=key, digest_size=16).hexdigest()

    def lasting_print(self) -> str:
        """64 bits (hex) by which these keys are known to be the home's, in whatever period."""
        return self._lasting("print").hex()[:16]

    def _lasting(self, purpose: str) -> bytes:
        return self.identity.derive(purpose) if self.identity else self.derive(purpose)

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
    """The keys of the home, of the period that it is written with.

    SettingsError when the home is not initialised or its keys are missing, odd, another home's or another period's.
    Also when people were erased whom this copy of the home still holds, unless it is loaded `to_erase` them.
    """
    require_home(settings)
    keys = keys_of(read_document(settings), settings)
    if not to_erase and is_behind(settings):
        raise SettingsError(
            f"People were erased whom {settings.home} still holds: it was restored or copied without their tombstones. "
            f"`ucv erase --home {settings.home}` lets them leave; until then nothing of it is read."
        )
    return keys


def keys_of(document: KeyDocument, settings: Settings) -> Keys:
    """The keys in a document, of the home's period. SettingsError before anything is read or, worse, written with a key that
    fits nothing else in this home."""
    source, home = told_source(settings), settings.home
    print_path = home / KEY_PRINT
    known = print_path.read_text(encoding="ascii", errors="replace").strip() if print_path.is_file() else None
    period = read_period(home)
    there = document.periods.get(period.number)
    if document.home_id != settings.home_id:
        raise _unfit(
            settings, f"received keys of home {document.home_id!r}, expected those of {settings.home_id!r}"
        )
    if there is None:
        listed = ", ".join(map(str, document.periods))
        raise SettingsError(
            f"{home} is written with the key of period {period.number}; {source} holds period {listed}. Put the key document "
            f"with period {period.number} there (a newer copy, or the one kept with this backup). Nothing was read or written."
        )
    if period.key_print and print_of(there.secret) != period.key_print:
        told = f"received a key of period {period.number} with print {print_of(there.secret)}, expected {period.key_print}"
        raise _unfit(settings, told)
    others = {number: one.secret for number, one in document.periods.items() if number != period.number}
    keys = Keys(document.home_id, there.secret, period.number, document.identity, others)
    if known not in (None, keys.lasting_print()):
        raise _unfit(settings, f"received keys with print {keys.lasting_print()}, expected {known}")
    return keys


def _unfit(settings: Settings, told: str) -> SettingsError:
    named = told_source(settings)
    return SettingsError(
        f"{named[0].upper()}{named[1:]} is not the one that {settings.home} was written with ({told}); put the backed-up key "
        "file there or point UCV_KEY_FILE at it. Nothing was read or written."
    )


def create_key_file(settings: Settings) -> Path:
    """Write a fresh key file (0600) for the home unless there are keys; return its path.

    Raises SettingsError when the home was written with a key whose file is gone, or with another key.
    """
    path = settings.key_path
    if not _has_keys(settings):
        if (settings.home / KEY_PRINT).exists():
            load_keys(settings)  # tells that the file is missing: a fresh key would open nothing that is here
        write_document(path, new_document(settings.home_id))
    _keep_print(settings)
    return path


def _has_keys(settings: Settings) -> bool:
    return not is_writable_source(settings) or settings.key_path.exists()


def _keep_print(settings: Settings) -> None:
    path = settings.home / KEY_PRINT
    if not path.exists():
        keys = load_keys(settings)
        path.parent.mkdir(parents=True, exist_ok=True)
        write_period(settings.home, HomePeriod(keys.period, print_of(keys.master)))
        path.write_text(keys.lasting_print() + "\n", encoding="ascii")
