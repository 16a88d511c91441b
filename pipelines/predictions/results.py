"""What predictions found, as one Arrow table: back-tests, deciles of calibration, and scores of those that won."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import pyarrow as pa

from pipelines.predictions.back_test import BackTest, Decile

RESULT_SCHEMA = pa.schema([
    ("part", pa.string()), ("prediction", pa.string()), ("model", pa.string()), ("baseline", pa.string()),
    ("metric", pa.string()), ("model_score", pa.float64()), ("baseline_score", pa.float64()), ("customers", pa.int64()),
    ("cut_on", pa.date32()), ("until_on", pa.date32()), ("is_published", pa.bool_()), ("reason", pa.string()),
    ("decile", pa.int32()), ("predicted", pa.float64()), ("observed", pa.float64()), ("lift", pa.float64()),
    ("customer_id", pa.string()), ("place", pa.int32()), ("choice", pa.string()), ("because", pa.string()),
    ("value", pa.float64()),
])  # fmt: skip
"""One row per back-test, decile or score, which `part` tells; columns of the other parts are null.

A score is of a customer: its `place` among several, the `choice` it is about (a channel, an hour, a product; null where the
score is a probability alone), what led to it (`because`) and its `value`.
"""


class Results:
    """Collects rows of RESULT_SCHEMA. Scores of a prediction that is not published are not taken."""

    def __init__(self) -> None:
        self._rows: list[dict[str, Any]] = []
        self._scores: list[pa.Table] = []
        self._published: dict[str, str] = {}

    def add_tests(self, tests: Iterable[BackTest], deciles: Iterable[Decile] = ()) -> None:
        """Back-tests of one prediction, and its calibration."""
        for one in tests:
            tried = vars(one.tried)
            told = {name: value for name, value in vars(one).items() if name != "tried"}
            self._rows.append({"part": "backtest", **tried, **told})
            if one.is_published:
                self._published[one.tried.prediction] = one.tried.model
        self._rows += [{"part": "decile", **vars(one)} for one in deciles]

    def published_model(self, prediction: str) -> str | None:
        """The model whose scores are shown; None where none won."""
        return self._published.get(prediction)

    def add_scores(self, prediction: str, customers: Sequence[str] | pa.Array, **columns: Any) -> None:
        """Scores of customers, columns as in RESULT_SCHEMA; nothing where no model of the prediction won its back-test."""
        model = self.published_model(prediction)
        if model is None or not len(customers):
            return
        named = {"part": "score", "prediction": prediction, "model": model}
        given = {**columns, "customer_id": customers}
        arrays = [
            pa.array(given[field.name], field.type)
            if field.name in given
            else pa.repeat(pa.scalar(named.get(field.name), field.type), len(customers))
            for field in RESULT_SCHEMA
        ]
        self._scores.append(pa.Table.from_arrays(arrays, schema=RESULT_SCHEMA))

    def table(self) -> pa.Table:
        """Everything in the order in which it was added, scores last."""
        return pa.concat_tables([pa.Table.from_pylist(self._rows, schema=RESULT_SCHEMA), *self._scores])
