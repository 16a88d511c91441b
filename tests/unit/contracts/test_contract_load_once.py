"""A contract is read once per state of its file, and a change of the file is seen at once."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from pipelines.contracts import load
from pipelines.contracts.load import load_contracts
from pipelines.demo.generate import install_contracts


def test_a_file_is_read_once_until_it_changes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    install_contracts(tmp_path)
    read: list[str] = []
    document = load.read_document
    monkeypatch.setattr(load, "read_document", lambda path: read.append(path.name) or document(path))
    first = load_contracts(tmp_path)
    assert len(read) == len(first.contracts) > 10
    assert load_contracts(tmp_path) == first
    assert len(read) == len(first.contracts)

    changed = first.contracts[0].path
    text = changed.read_text(encoding="utf-8")
    before = changed.stat()
    changed.write_text(text.replace("version: 1", "version: 2", 1), encoding="utf-8")
    os.utime(changed, ns=(before.st_atime_ns, before.st_mtime_ns))  # as a copy that keeps times and size
    again = load_contracts(tmp_path)
    assert read[len(first.contracts) :] == [changed.name]
    assert again.contracts[0].version != first.contracts[0].version
    assert again.contracts[1:] == first.contracts[1:]
