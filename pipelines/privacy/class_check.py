"""Columns of published dbt models that nobody classified, each with the line where it is declared: for `ucv check`."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import yaml

from pipelines.privacy.column_classes import CLASSES_FILE, STRICTNESS, is_classified
from pipelines.settings import DBT_PROJECT_DIR, PROJECT_ROOT

_PUBLISHED = ("golden", "marts")
_UNPUBLISHED = "Not published."


def unclassified_columns(models: Path = DBT_PROJECT_DIR / "models") -> Iterator[str]:
    """A sentence per column: file, line, and what to do."""
    for folder in _PUBLISHED:
        for path in sorted((models / folder).glob("_*models.yml")):
            for table, column, line in _declared(path):
                if not is_classified(table, column):
                    yield (
                        f"{_shown(path)}, line {line}: column {column} of {table} has no class; add a line such as "
                        f"{table}.{column},quasi,user to {CLASSES_FILE} (classes: {', '.join(STRICTNESS)})."
                    )


def _declared(path: Path) -> Iterator[tuple[str, str, int]]:
    """(model, column, line from 1) of every column of a published model."""
    root = yaml.compose(path.read_text(encoding="utf-8"), Loader=yaml.SafeLoader)
    for model in _items(root, "models"):
        told = _scalars(model)
        if _UNPUBLISHED in told.get("description", ("", 0))[0]:
            continue
        for column in _items(model, "columns"):
            name, line = _scalars(column)["name"]
            yield told["name"][0], name, line


def _items(node: yaml.Node | None, key: str) -> list[yaml.Node]:
    if not isinstance(node, yaml.MappingNode):
        return []
    values = [value for name, value in node.value if name.value == key]
    return list(values[0].value) if values and isinstance(values[0], yaml.SequenceNode) else []


def _scalars(node: yaml.Node) -> dict[str, tuple[str, int]]:
    assert isinstance(node, yaml.MappingNode)
    return {
        name.value: (value.value, value.start_mark.line + 1)
        for name, value in node.value
        if isinstance(value, yaml.ScalarNode)
    }


def _shown(path: Path) -> str:
    return path.relative_to(PROJECT_ROOT).as_posix() if path.is_relative_to(PROJECT_ROOT) else str(path)
