"""A function of one row as a function of columns, as DuckDB calls it: each distinct row is worked out once a call."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any

import pyarrow as pa

Returns = str | dict[str, str]
"""DuckDB type; a dict of fields with their types is a STRUCT."""

_ARROW = {
    "VARCHAR": pa.string(),
    "DATE": pa.date32(),
    "TIMESTAMP": pa.timestamp("us"),
    "BOOLEAN": pa.bool_(),
    "DOUBLE": pa.float64(),
    "VARCHAR[]": pa.list_(pa.string()),
}


def columnar(
    function: Callable[..., Any], parameters: tuple[str, ...], returns: Returns
) -> Callable[..., Any]:
    """`function` of texts on Arrow columns of them, with `parameters` by name; gives an Arrow array of type `returns`."""
    arrow = _arrow_type(returns)

    def evaluate(*columns: Any) -> Any:
        if len(columns) == 1:
            return _once_per_value(function, columns[0], arrow)
        rows = zip(*(column.to_pylist() for column in columns), strict=True)
        seen: dict[tuple[str | None, ...], Any] = {}
        values = []
        for row in rows:
            if row not in seen:
                seen[row] = function(*row)
            values.append(seen[row])
        return pa.array(values, arrow)

    # DuckDB counts the parameters of a function by its signature.
    kind = inspect.Parameter.POSITIONAL_ONLY
    evaluate.__signature__ = inspect.Signature(  # type: ignore[attr-defined]
        [inspect.Parameter(name, kind) for name in parameters]
    )
    return evaluate


def _once_per_value(function: Callable[..., Any], column: Any, arrow: Any) -> Any:
    """A column of codes or blanks costs as many calls as it has values, and no trip of every row through Python."""
    encoded = column.combine_chunks().dictionary_encode()
    answers = pa.array([*map(function, encoded.dictionary.to_pylist()), function(None)], arrow)
    return answers.take(encoded.indices.fill_null(len(answers) - 1))


def _arrow_type(returns: Returns) -> Any:
    if isinstance(returns, str):
        return _ARROW[returns]
    return pa.struct([(name, _ARROW[kind]) for name, kind in returns.items()])
