"""What an SQL function answered stays in memory until DuckDB has read it."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from functools import wraps
from typing import Any

KEPT_ANSWERS = 64
"""Answers of one function that stay in memory; each has at most 2,048 rows, the size of DuckDB's vectors."""


def kept_alive(function: Callable[..., Any]) -> Callable[..., Any]:
    """The function, with its last KEPT_ANSWERS arrays held.

    DuckDB 1.5 does not copy what a function answers, and reads it after the array is gone where COALESCE picks some of its rows:
    other memory, as a wrong value or as no valid text. A part of a query that is evaluated in between has a few functions
    on each thread.
    """
    held: deque[Any] = deque(maxlen=KEPT_ANSWERS)

    @wraps(function)
    def evaluate(*columns: Any) -> Any:
        answer = function(*columns)
        held.append(answer)
        return answer

    return evaluate
