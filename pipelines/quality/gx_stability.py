"""An expectation of Great Expectations: the classes of a column lie no further from the usual ones than a limit.

The module imports Great Expectations, which takes seconds: import it where a suite runs.
"""

from __future__ import annotations

from typing import Any, ClassVar

from great_expectations.expectations.expectation import ColumnAggregateExpectation

from pipelines.quality.stability import stability


class ExpectColumnStabilityIndexToBeAtMost(ColumnAggregateExpectation):  # type: ignore[misc]
    """`shares` are the usual shares of the classes (they add up to 1), `limit` the greatest index that passes."""

    shares: dict[str, float]
    limit: float

    metric_dependencies: ClassVar[tuple[str, ...]] = ("column.value_counts",)
    success_keys: ClassVar[tuple[str, ...]] = ("shares", "limit")
    library_metadata: ClassVar[dict[str, Any]] = {
        "maturity": "production",
        "tags": ["drift"],
        "contributors": [],
        "requirements": [],
    }

    def _validate(
        self,
        metrics: dict[str, Any],
        runtime_configuration: dict[str, Any] | None = None,
        execution_engine: Any = None,
    ) -> dict[str, Any]:
        counts = {str(label): int(count) for label, count in metrics["column.value_counts"].items()}
        index = stability(counts, self.shares)
        return {"success": index <= self.limit, "result": {"observed_value": index}}
