"""A library that reads values decides results: another version of it is news to a build and to what is kept standardised."""

from __future__ import annotations

import ast
import sys
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

from pipelines.publishing import fingerprint
from pipelines.settings import PROJECT_ROOT
from pipelines.storage import standardised

FUNCTIONS = PROJECT_ROOT / "pipelines" / "functions"
CARRIERS = {"duckdb", "pyarrow"}  # carry values, and are no part of what a value becomes


def imported(folder: Path) -> set[str]:
    """Distributions that the modules of a folder import."""
    names: set[str] = set()
    for path in folder.glob("*.py"):
        if path.stem.endswith("_source"):
            continue  # makes a list that is shipped
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                names |= {alias.name.partition(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module:
                names.add(node.module.partition(".")[0])
    known = packages_distributions()
    outside = names - set(sys.stdlib_module_names) - {"pipelines"}
    return {known[name][0].lower() for name in outside}


@pytest.mark.parametrize("listed", [fingerprint._PACKAGES, standardised._PACKAGES], ids=["build", "kept"])
def test_every_library_that_reads_values_counts(listed: tuple[str, ...]) -> None:
    found = imported(FUNCTIONS) - CARRIERS
    assert {"phonenumbers", "jellyfish", "babel", "idna"} <= found
    assert found <= set(listed)
