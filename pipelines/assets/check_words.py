"""What a dbt test says, in words, for the page of its check."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any


def check_words(test: Mapping[str, Any]) -> str:
    """One sentence per rule of a test node of the dbt manifest; the test's own description where it has one."""
    if test.get("description"):
        return str(test["description"])
    generic = test.get("test_metadata")
    if not generic:
        return f"The query `{test.get('original_file_path', test['name'])}` finds no row."
    arguments = _arguments(generic)
    if generic["name"] == "rules":
        return " ".join(_rules(arguments))
    column = arguments.get("column_name") or test.get("column_name")
    return f"dbt test `{generic['name']}` on `{column}`."


def _rules(arguments: Mapping[str, Any]) -> Iterator[str]:
    if arguments.get("not_null"):
        yield f"Every row has a {_listed(arguments['not_null'])}."
    for key in arguments.get("unique", []):
        yield f"No two rows have the same {_listed([key] if isinstance(key, str) else key)}."
    for column, values in arguments.get("accepted_values", {}).items():
        yield f"`{column}` is one of {_listed(values)}."
    for relation in arguments.get("relationships", []):
        yield f"Every `{relation['column']}` is found as `{relation['field']}` in {relation['to']}."


def _arguments(generic: Mapping[str, Any]) -> dict[str, Any]:
    given = dict(generic.get("kwargs", {}))
    return {**given, **given.pop("arguments", {})}


def _listed(values: Any) -> str:
    return ", ".join(f"`{value}`" for value in values or [])
