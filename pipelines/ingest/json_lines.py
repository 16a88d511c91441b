"""JSON Lines: an object per line, its names the columns."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pipelines.contracts.headers import column_key
from pipelines.contracts.model import Server
from pipelines.ingest.records import Row
from pipelines.ingest.text_file import bounded, open_text, told
from pipelines.ingest.typed_numbers import unmistakable


def read_json_lines(
    path: Path, server: Server, numbers: frozenset[str], most_columns: int
) -> tuple[list[str], Iterator[Row]]:
    """Header (at most one column more than `most_columns`) and rows, numbered from 1; a line that is no object is broken_json."""
    header: dict[str, None] = {}
    with told(path, server), open_text(path, server) as file:
        for line in bounded(file):
            values = _json_object(line)
            if values and len(header) <= most_columns:
                header.update(dict.fromkeys(values))

    columns = [(name, column_key(name) in numbers) for name in header]

    def rows() -> Iterator[Row]:
        number = 0
        with open_text(path, server) as file:
            for line in bounded(file):
                if not line.strip():
                    continue
                number += 1
                values = _json_object(line)
                if values is None:
                    yield number, [line.strip()], "broken_json"
                else:
                    yield (
                        number,
                        [_json_text(values.get(name), is_number) for name, is_number in columns],
                        None,
                    )

    return [*header], rows()


def _json_object(line: str) -> dict[str, Any] | None:
    try:
        values = json.loads(line)
    except (ValueError, RecursionError):
        return None
    return values if isinstance(values, dict) else None


def _json_text(value: Any, is_number: bool) -> str | None:
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    text = json.dumps(value, ensure_ascii=False)
    return unmistakable(text) if is_number else text
