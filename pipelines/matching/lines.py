"""YAML with the line of every value, so that a message can say where to look."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from pipelines.errors import SettingsError


@dataclass(frozen=True)
class Lines:
    """`of` gives the line of a mapping or list of the tree read from `path`, by identity."""

    path: Path
    numbers: dict[int, int]

    def of(self, value: Any) -> str:
        """`file:line` of a mapping or list; the file alone where the line is not known."""
        line = self.numbers.get(id(value))
        return f"{self.path}:{line}" if line else str(self.path)


def read_with_lines(path: Path) -> tuple[Any, Lines]:
    """The tree and its lines. Raises SettingsError for a file that is missing or no YAML."""
    try:
        node = yaml.compose(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise SettingsError(f"{path}: cannot be read ({error.strerror}); restore it.") from error
    except yaml.YAMLError as error:
        raise SettingsError(f"{path}: no valid YAML: {error}. Correct it there.") from error
    lines = Lines(path, {})
    return _value(node, lines.numbers), lines


def _value(node: yaml.Node | None, numbers: dict[int, int]) -> Any:
    if isinstance(node, yaml.MappingNode):
        made: Any = {key.value: _value(value, numbers) for key, value in node.value}
    elif isinstance(node, yaml.SequenceNode):
        made = [_value(value, numbers) for value in node.value]
    else:
        return yaml.SafeLoader("").construct_object(node) if node is not None else None
    numbers[id(made)] = node.start_mark.line + 1
    return made
