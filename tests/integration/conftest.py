"""The home of the export tests: one night for all of them, since tests that write work on a copy."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from exports_home import published_home

from pipelines.privacy.access_log import log_path
from pipelines.settings import Settings, load_settings


@pytest.fixture(scope="session")
def exports_master(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Settings]:
    """The published home; for reading only."""
    with published_home(tmp_path_factory.mktemp("exports")) as settings:
        yield settings


@pytest.fixture
def exports_copy(exports_master: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """A copy of it to write into, with its key and its day; nobody looked into it yet, whatever tests did before."""
    home = tmp_path / "home"
    shutil.copytree(exports_master.home, home, symlinks=True)
    shutil.rmtree(log_path(home).parent, ignore_errors=True)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(exports_master.home.parent / "config"))
    monkeypatch.setenv("UCV_AS_OF_DATE", exports_master.today().isoformat())
    monkeypatch.setenv("UCV_MIN_FREE_BYTES", "0")
    return load_settings(home)
