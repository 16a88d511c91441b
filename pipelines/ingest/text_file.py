"""Delivered text files: opened in their encoding, line by line within bounds, with what is wrong with a file told by its code."""

from __future__ import annotations

import csv
import gzip
import io
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from pipelines.contracts.model import Server
from pipelines.errors import DeliveryError
from pipelines.ingest.encodings import SAMPLE_BYTES, settle_encoding
from pipelines.ingest.opening import open_bytes
from pipelines.ingest.records import MAX_FIELD

_TOO_LONG = '""x\n'


@contextmanager
def told(path: Path, server: Server) -> Iterator[None]:
    """Turns what goes wrong while reading into a DeliveryError (wrong_encoding, unreadable)."""
    try:
        yield
    except UnicodeError as error:
        place = getattr(error, "start", "?")
        raise DeliveryError(
            "wrong_encoding",
            f"{path.name} is not {server.encoding} (byte {place} of a block does not fit); correct `encoding` in the "
            "contract or have the file written anew.",
        ) from None
    except (EOFError, gzip.BadGzipFile, zlib.error, csv.Error) as error:
        raise DeliveryError(
            "unreadable", f"{path.name} breaks off or is damaged ({type(error).__name__})."
        ) from None


@contextmanager
def open_text(path: Path, server: Server) -> Iterator[io.TextIOWrapper]:
    """The file as text, line ends as they are."""
    with open_bytes(path, server.member) as probe:
        sample = probe.read(SAMPLE_BYTES)
    encoding = settle_encoding(sample, server.encoding, path.name)
    with open_bytes(path, server.member) as binary:
        yield io.TextIOWrapper(binary, encoding=encoding, errors="strict", newline="")


def bounded(file: IO[str]) -> Iterator[str]:
    """Lines; in the place of one longer than MAX_FIELD stands text that no format can read, so that memory is bounded."""
    while line := file.readline(MAX_FIELD):
        if len(line) < MAX_FIELD or line.endswith(("\n", "\r")):
            yield line
            continue
        while line and not line.endswith(("\n", "\r")):
            line = file.readline(MAX_FIELD)
        yield _TOO_LONG
