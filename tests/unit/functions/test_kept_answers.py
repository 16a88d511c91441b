"""DuckDB reads answers of Arrow functions without a copy: they must outlive the call, and not for ever."""

from __future__ import annotations

import gc
import inspect
import weakref
from typing import Any

import duckdb
import pyarrow as pa
import pytest

from pipelines.functions import registry
from pipelines.functions.kept_answers import KEPT_ANSWERS, kept_alive


def test_an_answer_outlives_the_call_until_enough_others_came() -> None:
    answers: list[weakref.ref[Any]] = []

    def answer(column: pa.Array) -> pa.Array:
        made = pa.array([f"{value} and more than twelve letters" for value in column.to_pylist()])
        answers.append(weakref.ref(made))
        return made

    held = kept_alive(answer)
    assert list(inspect.signature(held).parameters) == ["column"], "DuckDB counts parameters by the signature"
    for number in range(KEPT_ANSWERS):
        held(pa.array([number]))
    gc.collect()
    assert all(one() is not None for one in answers)
    held(pa.array([0]))
    gc.collect()
    assert answers[0]() is None


def test_every_function_that_is_registered_keeps_its_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    kept: list[object] = []

    def noted(function: Any) -> Any:
        kept.append(function)
        return kept_alive(function)

    monkeypatch.setattr(registry, "kept_alive", noted)
    with duckdb.connect() as conn:
        assert registry.register_functions(conn)
    assert len(kept) == len(registry.FUNCTIONS)
