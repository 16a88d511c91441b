"""The contracts that a build was made with: copies beside the build, and then in the version that readers see."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from pathlib import Path

from pipelines.errors import PublishError
from pipelines.publishing.layout import version_dir
from pipelines.publishing.version import FileFacts, current_version, read_manifest
from pipelines.storage.checksums import file_hash

CONTRACTS = "contracts"
"""Folder of a build and of a version: `<source>.yml`, each as its file was."""


def keep_files(files: Mapping[str, Path], folder: Path) -> None:
    """Copy the file of each source's contract below `folder`, which is of a build or of a version, in place of those there."""
    target = folder / CONTRACTS
    shutil.rmtree(target, ignore_errors=True)
    target.mkdir(parents=True)
    for source, path in files.items():
        shutil.copyfile(path, target / f"{source}.yml")


def kept_contracts(folder: Path) -> dict[str, Path]:
    """Source -> file of the contracts kept in a build or version; empty in those made before contracts were kept."""
    return {path.stem: path for path in sorted((folder / CONTRACTS).glob("*.yml"))}


def published_contracts(home: Path) -> tuple[dict[str, Path], frozenset[str]]:
    """Those of the version that readers see, and the sources whose file there is not the one that was published.

    Both are empty without a version, or without any in it. Never raises: a damaged version must not keep the next from being
    built.
    """
    version = current_version(home)
    kept = kept_contracts(version_dir(home, version)) if version else {}
    if not version or not kept:
        return {}, frozenset()
    try:
        listed = read_manifest(home, version).files
    except PublishError:
        return {}, frozenset(kept)
    damaged = {source for source, path in kept.items() if _hash(listed, source) != file_hash(path)}
    return {source: path for source, path in kept.items() if source not in damaged}, frozenset(damaged)


def _hash(listed: Mapping[str, FileFacts], source: str) -> str | None:
    facts = listed.get(f"{CONTRACTS}/{source}.yml")
    return facts.sha256 if facts else None
