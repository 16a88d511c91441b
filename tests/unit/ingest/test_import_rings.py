"""The modules of contracts and ingest import each other in one direction, also inside of functions."""

from __future__ import annotations

import ast
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

import pipelines

ROOT = Path(pipelines.__file__).parent


def imports(path: Path) -> set[str]:
    """Modules of this project that one module imports, anywhere in it but for types alone."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("pipelines."):
            found.add(node.module)
            found.update(f"{node.module}.{alias.name}" for alias in node.names)
    return found


@pytest.mark.parametrize("folder", ["contracts", "ingest"])
def test_no_module_imports_one_that_imports_it(folder: str) -> None:
    graph = {f"pipelines.{folder}.{path.stem}": imports(path) for path in (ROOT / folder).glob("*.py")}
    try:
        TopologicalSorter({name: found & graph.keys() for name, found in graph.items()}).prepare()
    except CycleError as error:
        pytest.fail(" imports ".join(error.args[1]))
