"""What somebody is told whose role files could not be written: by what it was that failed."""

from __future__ import annotations

import duckdb
import pytest

from pipelines.privacy.role_files import _remedy


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (duckdb.BinderException("no such column"), "--full-refresh"),
        (duckdb.CatalogException("no such table"), "--full-refresh"),
        (duckdb.OutOfMemoryException("full"), "memory_limit"),
        (duckdb.IOException("disk"), "free space"),
    ],
)
def test_the_remedy_is_of_what_failed(error: duckdb.Error, told: str) -> None:
    assert told in _remedy(error)
