"""The asset pages of predictions: model beside baseline, lift by decile and a plot, of tables that hold no customer."""

from __future__ import annotations

import base64

import dagster as dg
import duckdb
import pytest

from pipelines.assets.prediction_evidence import BACKTESTS, CALIBRATION, prediction_evidence
from pipelines.predictions.events import FEATURES


@pytest.fixture
def conn() -> duckdb.DuckDBPyConnection:
    conn = duckdb.connect()
    conn.execute("attach ':memory:' as warehouse; create schema warehouse.marts")
    conn.execute(
        "create table warehouse.marts.prediction_backtests as select 'churn' as prediction, 'bg_nbd' as model, "
        "'share_of_everybody' as baseline, 'brier_score' as metric, 0.2::decimal(18, 6) as model_score, "
        "null::decimal(18, 6) as baseline_score, 100 as customers, date '2026-01-01' as cut_on, false as is_published, 'r' as reason"
    )
    conn.execute(
        "create table warehouse.marts.prediction_calibration as select unnest(['churn', 'purchase']) as prediction, 1 as decile, "
        "50 as customers, 0.5::decimal(18, 6) as predicted, 0.4::decimal(18, 6) as observed, null::decimal(18, 4) as lift"
    )
    return conn


def test_model_and_baseline_stand_side_by_side(conn: duckdb.DuckDBPyConnection) -> None:
    (row,) = prediction_evidence(conn, dg.AssetKey(BACKTESTS))["back_tests"].records
    assert row.data == {
        "prediction": "churn", "model": "bg_nbd", "baseline": "share_of_everybody", "metric": "brier_score",
        "model_score": 0.2, "baseline_score": None, "customers": 100, "is_published": False, "reason": "r",
    }  # fmt: skip


def test_deciles_come_with_a_plot(conn: duckdb.DuckDBPyConnection) -> None:
    found = prediction_evidence(conn, dg.AssetKey(CALIBRATION))
    assert [row.data["prediction"] for row in found["lift_by_decile"].records] == ["churn", "purchase"]
    picture = str(found["calibration"].value).split("base64,")[1].rstrip(")")
    assert base64.b64decode(picture).startswith(b"\x89PNG")


def test_features_are_listed(conn: duckdb.DuckDBPyConnection) -> None:
    found = prediction_evidence(conn, dg.AssetKey(["marts", "purchase_predictions"]))
    assert found["features"].data == list(FEATURES)


def test_without_deciles_and_of_other_tables_nothing_is_shown(conn: duckdb.DuckDBPyConnection) -> None:
    conn.execute("delete from warehouse.marts.prediction_calibration")
    assert prediction_evidence(conn, dg.AssetKey(CALIBRATION)) == {}
    assert prediction_evidence(conn, dg.AssetKey(["marts", "customer_predictions"])) == {}
