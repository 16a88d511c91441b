"""Running a suite of Great Expectations on a frame: what it observed of each expectation, and whether that passed."""

from __future__ import annotations

import logging
import os
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import pandas as pd

from pipelines.errors import GateError
from pipelines.quality.stability import Reference

MEAN, DISTINCT, STABILITY, CONTAINS = "mean", "distinct", "stability", "contains"


@dataclass(frozen=True)
class Expected:
    """One expectation of a column. MEAN and DISTINCT (share of different values) have bounds, both included.

    STABILITY holds the column's classes against `reference`; CONTAINS wants each class of `members`.
    """

    column: str
    form: str
    low: float | None = None
    high: float | None = None
    reference: Reference | None = None
    members: frozenset[str] = frozenset()
    notes: str = ""


@dataclass(frozen=True)
class Observed:
    """What was observed (None where the column holds nothing, or for CONTAINS), and whether it is as expected."""

    value: float | None
    passed: bool


def run_suite(name: str, frame: pd.DataFrame, expected: Sequence[Expected]) -> list[Observed]:
    """Validate the frame; one result per expectation, in their order. Results hold figures only, no value of a row."""
    if not expected:
        return []
    gx = great_expectations()
    suite = gx.ExpectationSuite(
        name=name, expectations=[_expectation(one, turn) for turn, one in enumerate(expected)]
    )
    validator = _batch(frame)
    found = validator.validate(suite, result_format="BASIC").results
    by_turn = {int(result.expectation_config.meta["turn"]): result for result in found}
    return [_observed(by_turn[turn]) for turn in range(len(expected))]


@cache
def great_expectations() -> Any:
    """The package, quiet and offline; its import takes two to seven seconds."""
    os.environ["GX_ANALYTICS_ENABLED"] = "false"
    logging.getLogger("great_expectations").setLevel(logging.ERROR)
    import great_expectations as gx  # noqa: PLC0415 - seconds

    return gx


@cache
def _definition() -> Any:
    from great_expectations.data_context.types.base import (  # noqa: PLC0415 - seconds
        DataContextConfig,
        InMemoryStoreBackendDefaults,
    )

    # Without it each process leaves an empty folder for pages in the system's temporary one.
    stores = InMemoryStoreBackendDefaults(init_temp_docs_sites=False)
    context = great_expectations().get_context(
        mode="ephemeral", project_config=DataContextConfig(store_backend_defaults=stores)
    )
    context.variables.progress_bars = {"globally": False}
    asset = context.data_sources.add_pandas("frames").add_dataframe_asset("frame")
    return asset.add_batch_definition_whole_dataframe("whole")


def _batch(frame: pd.DataFrame) -> Any:
    return _definition().get_batch({"dataframe": frame})


def _expectation(expected: Expected, turn: int) -> Any:
    from great_expectations.expectations import core  # noqa: PLC0415 - seconds

    meta = {"turn": turn, "notes": expected.notes}
    match expected.form:
        case "mean":
            return core.ExpectColumnMeanToBeBetween(
                column=expected.column, min_value=expected.low, max_value=expected.high, meta=meta
            )
        case "distinct":
            return core.ExpectColumnProportionOfUniqueValuesToBeBetween(
                column=expected.column, min_value=expected.low, max_value=expected.high, meta=meta
            )
        case "contains":
            return core.ExpectColumnDistinctValuesToContainSet(
                column=expected.column, value_set=sorted(expected.members), meta=meta
            )
    from pipelines.quality.gx_stability import ExpectColumnStabilityIndexToBeAtMost  # noqa: PLC0415

    assert expected.reference is not None
    return ExpectColumnStabilityIndexToBeAtMost(
        column=expected.column, shares=expected.reference.shares, limit=expected.reference.limit, meta=meta
    )


def _observed(result: Any) -> Observed:
    value = result.result.get("observed_value")
    if _raised(result):
        return Observed(None, passed=False)
    return Observed(float(value) if isinstance(value, int | float) else None, bool(result.success))


def _raised(result: Any) -> bool:
    """Whether the expectation could not be judged: told flat, or once for each figure that it needed."""
    told = result.exception_info or {}
    return bool(told.get("raised_exception")) or any(
        isinstance(part, dict) and part.get("raised_exception") for part in told.values()
    )


def validate_figures(name: str, frame: pd.DataFrame) -> set[int]:
    """The numbers (column `figure`) of rows whose `value` is below `low` or above `high`; rows without a value pass."""
    from great_expectations.expectations.core import (  # noqa: PLC0415 - seconds
        ExpectColumnPairValuesAToBeGreaterThanB as AtLeast,
    )

    gx = great_expectations()
    form = {"or_equal": True, "ignore_row_if": "either_value_is_missing"}
    suite = gx.ExpectationSuite(
        name=name,
        expectations=[
            AtLeast(column_A="value", column_B="low", **form),
            AtLeast(column_A="high", column_B="value", **form),
        ],
    )
    wanted = {"result_format": "COMPLETE", "unexpected_index_column_names": ["figure"]}
    found = _batch(frame).validate(suite, result_format=wanted)
    failed: set[int] = set()
    for result in found.results:
        if _raised(result):
            raise GateError(f"Great Expectations could not judge {name}; readers keep the last good version.")
        failed |= {int(row["figure"]) for row in result.result.get("unexpected_index_list") or ()}
        if not result.success and not failed:
            raise GateError(
                f"Great Expectations fails {name} without naming a figure; readers keep the last good version."
            )
    return failed
