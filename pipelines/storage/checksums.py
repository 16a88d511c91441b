"""Checksums that travel with what they guard: inside a JSON document, or in a file's name; and files beside which none is needed."""

from __future__ import annotations

import hashlib
import json
import re
from pathlib import Path
from typing import Any

from pipelines.errors import UcvError

CHECKSUM = "checksum"
_IN_NAME = re.compile(r"\.([0-9a-f]{16})\.[a-z]+$")


class DamageError(UcvError):
    """A stored file is missing or is not what was written: nothing is built from it, and readers keep their version."""


def with_checksum(document: dict[str, Any]) -> dict[str, Any]:
    """The document with the SHA-256 of everything else in it."""
    rest = {name: value for name, value in document.items() if name != CHECKSUM}
    return {**rest, CHECKSUM: _hash_of(rest)}


def is_whole(document: dict[str, Any]) -> bool:
    """Whether the document is the one that was written; one without a checksum (before December 2026) counts as such."""
    return CHECKSUM not in document or with_checksum(document) == document


def checked_name(stem: str, source: Path, suffix: str) -> str:
    """`stem`, the first 16 digits of the SHA-256 of `source`, and the suffix: a name that tells when the file is damaged."""
    return f"{stem}.{file_hash(source)[:16]}{suffix}"


def is_as_named(path: Path) -> bool:
    """Whether the file is the one that its name tells; a name without a checksum (before December 2026) tells nothing."""
    return _IN_NAME.search(path.name) is None or (path.is_file() and is_content_of(path, path.name))


def is_content_of(path: Path, name: str) -> bool:
    """Whether the file is the one that a name with a checksum tells."""
    told = _IN_NAME.search(name)
    return told is not None and file_hash(path).startswith(told.group(1))


def file_hash(path: Path) -> str:
    """SHA-256 of the file's bytes, hex."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _hash_of(document: dict[str, Any]) -> str:
    text = json.dumps(document, ensure_ascii=True, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
