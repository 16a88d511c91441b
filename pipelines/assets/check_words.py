"""What a dbt test says, in words, for the page of its check."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def check_words(test: Mapping[str, Any]) -> str:
    """One sentence on a test node of the dbt manifest; the test's own description where it has one."""
    if test.get("description"):
        return str(test["description"])
    generic = test.get("test_metadata")
    if not generic:
        return f"The query `{test.get('original_file_path', test['name'])}` finds no row."
    name, arguments = generic["name"], _arguments(generic)
    column = f"`{arguments.get('column_name') or test.get('column_name')}`"
    words = {
        "unique": f"No two rows have the same {column}.",
        "not_null": f"Every row has a {column}.",
        "accepted_values": f"{column} is one of {_listed(arguments.get('values'))}.",
        "relationships": f"Every {column} is found as `{arguments.get('field')}` in {arguments.get('to')}.",
        "unique_combination": f"No two rows have the same {_listed(arguments.get('columns'))}.",
    }
    return words.get(name, f"dbt test `{name}` on {column}.")


def _arguments(generic: Mapping[str, Any]) -> dict[str, Any]:
    given = dict(generic.get("kwargs", {}))
    return {**given, **given.pop("arguments", {})}


def _listed(values: Any) -> str:
    return ", ".join(f"`{value}`" for value in values or [])
