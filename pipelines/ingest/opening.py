"""Opening a delivered file as bytes: plain, gzip or a zip with one member, with a limit on what may unfold from it."""

from __future__ import annotations

import gzip
import io
import lzma
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from pipelines.errors import DeliveryError

_GZIP, _ZIP = b"\x1f\x8b", b"PK\x03\x04"
MAX_RATIO = 200  # text seldom packs better than 20:1
BOMB_BYTES = 200_000_000  # below this even a bomb does no harm


class _Limited(io.RawIOBase):
    """Passes bytes through and stops a small file that unfolds without end."""

    def __init__(self, inner: IO[bytes] | gzip.GzipFile, packed_bytes: int, name: str) -> None:
        super().__init__()
        self._inner, self._packed, self._name, self._seen = inner, max(packed_bytes, 1), name, 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        block = self._inner.read(len(buffer))
        buffer[: len(block)] = block
        self._seen += len(block)
        if self._seen > BOMB_BYTES and self._seen > MAX_RATIO * self._packed:
            raise DeliveryError(
                "decompression_bomb",
                f"{self._name} unfolds to more than {MAX_RATIO} times its {self._packed:,} bytes; expected a list. "
                "Have it delivered without compression if it is genuine.",
            )
        return len(block)

    def close(self) -> None:
        if not self.closed:
            self._inner.close()
        super().close()


@contextmanager
def open_bytes(path: Path, member: str | None = None) -> Iterator[IO[bytes]]:
    """The file's content, unpacked where its first bytes say so; `member` is a glob for names inside a zip.

    Raises DeliveryError (unreadable, zip_members, decompression_bomb).
    """
    with path.open("rb") as plain:
        start = plain.read(4)
        plain.seek(0)
        if start[:2] == _GZIP:
            with gzip.GzipFile(fileobj=plain) as inner:
                yield io.BufferedReader(_Limited(inner, path.stat().st_size, path.name), 1 << 20)
        elif start == _ZIP:
            with _member(path, member) as unzipped:
                yield unzipped
        else:
            yield plain


@contextmanager
def _member(path: Path, pattern: str | None) -> Iterator[IO[bytes]]:
    try:
        with zipfile.ZipFile(path) as archive:
            found = _wanted(archive, pattern)
            if len(found) != 1:
                raise DeliveryError(
                    "zip_members",
                    f"{path.name} holds {len(found)} files that could be meant; expected one. Declare `member` "
                    "(a pattern for its name) in the contract's server, or have one file per archive.",
                )
            if found[0].flag_bits & 1:
                raise DeliveryError(
                    "unreadable", f"{path.name} is locked by a password; have it delivered without."
                )
            # Read in place, never extracted: a name such as ../x leads nowhere.
            with archive.open(found[0]) as inner:
                yield io.BufferedReader(_Limited(inner, found[0].compress_size, path.name), 1 << 20)
    except (zipfile.BadZipFile, NotImplementedError, zlib.error, lzma.LZMAError, OSError, EOFError) as error:
        raise DeliveryError(
            "unreadable", f"{path.name} is damaged or no zip that can be read ({type(error).__name__})."
        ) from None


def wanted_member(path: Path, pattern: str | None) -> str:
    """The name of the one member that is read of a zip."""
    with zipfile.ZipFile(path) as archive:
        return _wanted(archive, pattern)[0].filename


def _wanted(archive: zipfile.ZipFile, pattern: str | None) -> list[zipfile.ZipInfo]:
    return [info for info in archive.infolist() if not info.is_dir() and _is_wanted(info, pattern)]


def _is_wanted(info: zipfile.ZipInfo, pattern: str | None) -> bool:
    name = Path(info.filename)
    if pattern:
        return name.match(pattern)
    # Rubbish that archivers of a desktop add is not a delivery.
    return "__MACOSX" not in name.parts and not name.name.startswith(".")
