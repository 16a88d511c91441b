"""A manifest is read once, and again when its file is another: a home of thousands of deliveries is listed at every connection."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipelines.ingest import manifests
from pipelines.ingest.manifests import list_deliveries, manifest_path, write_manifest
from pipelines.storage.checksums import DamageError


def _stored(home: Path, rows: int = 1) -> manifests.Manifest:
    manifest = {"delivery_id": "d1", "source_system": "web", "kind": "registration", "accepted": rows}
    manifest_path(home, manifest).parent.mkdir(parents=True, exist_ok=True)
    write_manifest(home, manifest)
    return manifest


def test_what_is_as_it_was_is_not_read_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _stored(tmp_path)
    first = list_deliveries(tmp_path)
    monkeypatch.setattr(manifests, "read_manifest", lambda _path: pytest.fail("read a second time"))
    assert list_deliveries(tmp_path) == first


def test_a_manifest_that_was_replaced_is_read_again(tmp_path: Path) -> None:
    _stored(tmp_path, 1)
    assert [one["accepted"] for one in list_deliveries(tmp_path)] == [1]
    _stored(tmp_path, 2)  # as long as the one before
    assert [one["accepted"] for one in list_deliveries(tmp_path)] == [2]


def test_what_a_caller_does_with_a_manifest_stays_with_him(tmp_path: Path) -> None:
    _stored(tmp_path)
    list_deliveries(tmp_path)[0]["accepted"] = 9
    assert list_deliveries(tmp_path)[0]["accepted"] == 1


def test_damage_is_noticed_though_the_manifest_was_read_before(tmp_path: Path) -> None:
    path = manifest_path(tmp_path, _stored(tmp_path))
    list_deliveries(tmp_path)
    path.write_text(path.read_text("utf-8").replace('"accepted": 1', '"accepted": 7'), "utf-8")
    with pytest.raises(DamageError):
        list_deliveries(tmp_path)
