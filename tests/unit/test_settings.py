"""Settings are checked before work begins."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipelines.errors import SettingsError
from pipelines.settings import Settings, load_settings


@pytest.mark.parametrize(
    ("given", "duckdb"),
    [("6GB", "4000MB"), ("4 GB", "2000MB"), ("2800MB", "1400MB"), ("2GiB", "1074MB"), ("120MB", "120MB")],
)
def test_duckdb_gets_what_python_and_arrow_leave_of_the_memory(given: str, duckdb: str) -> None:
    assert Settings(memory_limit=given).duckdb_memory_limit == duckdb


@pytest.mark.parametrize("given", ["4", "lots", "-1GB", "4 apples", ""])
def test_a_size_that_is_none_stops_before_work_begins(given: str, tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="memory_limit"):
        load_settings(tmp_path, memory_limit=given)
