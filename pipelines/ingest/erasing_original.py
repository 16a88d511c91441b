"""The kept original of a delivery, written anew without the rows of erased people."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pipelines.contracts.model import Contract
from pipelines.errors import DeliveryError
from pipelines.ingest.manifests import Manifest
from pipelines.ingest.originals import open_original, store_original
from pipelines.ingest.people import ErasedPeople, judge_file
from pipelines.ingest.without_rows import write_without
from pipelines.settings import Settings
from pipelines.storage.keys import Keys
from pipelines.storage.spill import temporary_folder


@dataclass(frozen=True)
class Rewritten:
    """Which rows went, by number from 1, and what the manifest has to tell of the original that is kept now.

    Where the original could not be read, it goes as a whole: nobody can tell what of the person is in it (`is_written` False).
    """

    left_out: tuple[int, ...] = ()
    facts: dict[str, Any] = field(default_factory=dict)
    is_written: bool = True


def rewrite_original(  # noqa: PLR0913, PLR0917 - one delivery's surroundings
    manifest: Manifest,
    contract: Contract,
    settings: Settings,
    keys: Keys,
    people: ErasedPeople,
    also: Callable[[int, str | None], bool],
) -> Rewritten:
    """Seal the original without rows of erased people and those that `also` names, beside the one that the manifest knows."""
    with temporary_folder(settings.home) as folder:
        try:
            path = _opened(manifest, settings, keys, folder)
            judged = judge_file(path, contract, people, also)
            if not judged.erased:
                return Rewritten()
            if len(judged.erased) == judged.rows:
                return _removed(judged.erased)
            copy = folder / "kept" / path.name
            copy.parent.mkdir()
            write_without(path, copy, judged.server, frozenset(judged.erased))
        except DeliveryError:
            return _removed(())
        new = {**manifest, "original_revision": int(manifest.get("original_revision", 0)) + 1}
        with copy.open("rb") as file:
            content = hashlib.file_digest(file, "sha256").hexdigest()
        sealed = store_original(copy, settings.home, new, keys)
        facts = {"original_revision": new["original_revision"], "content_sha256": content, **sealed}
        return Rewritten(judged.erased, facts)


def _opened(manifest: Manifest, settings: Settings, keys: Keys, folder: Path) -> Path:
    path = folder / str(manifest["file_name"])
    with path.open("wb") as file:
        open_original(settings.home, manifest, keys, file.write)
    return path


def _removed(left_out: tuple[int, ...]) -> Rewritten:
    facts = {"original_removed": True, "original_revision": 1_000_000, "original_sha256": None}
    return Rewritten(left_out, facts, is_written=False)
