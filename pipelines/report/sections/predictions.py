"""Predictions: each against its naive baseline on a later time, and how far what was foretold came true."""

from __future__ import annotations

from pipelines.report.blocks import (
    COUNT,
    DAY,
    FLAG,
    NUMBER,
    PEOPLE,
    WORD,
    Block,
    Column,
    Lines,
    Section,
)

BACKTESTS = Block(
    "backtests",
    """
select
    prediction,
    model,
    baseline,
    metric,
    model_score,
    baseline_score,
    customers,
    cut_on,
    until_on,
    is_published,
    reason
from prediction_backtests
order by prediction, metric
""",
    ("prediction_backtests",),
    (
        Column("prediction", WORD, "prediction"),
        Column("model", WORD, "model"),
        Column("baseline", WORD, "model"),
        Column("metric", WORD, "metric"),
        Column("model_score", NUMBER, of="customers"),
        Column("baseline_score", NUMBER, of="customers"),
        Column("customers", PEOPLE),
        Column("cut_on", DAY),
        Column("until_on", DAY),
        Column("is_published", FLAG, "published"),
        Column("reason", WORD, "reason"),
    ),
    is_optional=True,
)

CALIBRATION = Block(
    "calibration",
    """
select
    prediction,
    decile,
    customers,
    predicted,
    observed,
    lift
from prediction_calibration
order by prediction, decile
""",
    ("prediction_calibration",),
    (
        Column("prediction", WORD, "prediction"),
        Column("decile", COUNT),
        Column("customers", PEOPLE),
        Column("predicted", NUMBER, of="customers"),
        Column("observed", NUMBER, of="customers"),
        Column("lift", NUMBER, of="customers"),
    ),
    lines=Lines("decile", ("predicted", "observed"), by="prediction"),
    is_optional=True,
)

SECTIONS = (Section("predictions", (BACKTESTS, CALIBRATION)),)
