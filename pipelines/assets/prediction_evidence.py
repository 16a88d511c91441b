"""What the asset pages of predictions show: model beside baseline, and calibration with lift by decile; counts and shares alone."""

from __future__ import annotations

import base64
import io
from collections import defaultdict
from typing import Any

import dagster as dg
import duckdb

from pipelines.predictions.events import FEATURES

_TESTS = "prediction, model, baseline, metric, model_score, baseline_score, customers, is_published, reason"
_DECILES = "prediction, decile, customers, predicted, observed, lift"
BACKTESTS, CALIBRATION = ["marts", "prediction_backtests"], ["marts", "prediction_calibration"]


def prediction_evidence(conn: duckdb.DuckDBPyConnection, key: dg.AssetKey) -> dict[str, Any]:
    """Extra metadata of the tables about how good predictions are, and what they know of a customer."""
    if key.path == ["marts", "purchase_predictions"]:
        return {"features": dg.MetadataValue.json(list(FEATURES))}
    if key.path == BACKTESTS:
        return {"back_tests": dg.MetadataValue.table(_records(conn, _TESTS, BACKTESTS))}
    if key.path == CALIBRATION:
        rows = _records(conn, _DECILES, CALIBRATION)
        if rows:
            return {
                "lift_by_decile": dg.MetadataValue.table(rows),
                "calibration": dg.MetadataValue.md(f"![predicted against observed]({_plot(rows)})"),
            }
    return {}


def _records(conn: duckdb.DuckDBPyConnection, columns: str, table: list[str]) -> list[dg.TableRecord]:
    cursor = conn.execute(f"SELECT {columns} FROM warehouse.{'.'.join(table)} ORDER BY ALL")
    names = [column[0] for column in cursor.description or ()]
    return [dg.TableRecord(dict(zip(names, map(_plain, row), strict=True))) for row in cursor.fetchall()]


def _plain(value: Any) -> str | int | float | bool | None:
    return value if value is None or isinstance(value, str | int | bool) else float(value)


def _plot(rows: list[dg.TableRecord]) -> str:
    """A PNG as a data address: a panel per prediction, the line is where predicted equals observed."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg  # noqa: PLC0415 - slow import, one caller
    from matplotlib.figure import Figure  # noqa: PLC0415

    points: dict[str, list[tuple[float, float]]] = defaultdict(list)
    for row in rows:
        told: Any = row.data
        points[str(told["prediction"])].append((told["predicted"], told["observed"]))
    figure = Figure(figsize=(3 * len(points), 3), dpi=100)
    panels = figure.subplots(1, len(points), squeeze=False)[0]
    for axes, (name, found) in zip(panels, points.items(), strict=True):
        top = max(max(pair) for pair in found) or 1.0
        axes.plot([0, top], [0, top], color="#c0392b", linewidth=1)
        axes.plot(*zip(*found, strict=True), marker="o", color="#3b6ea5", linewidth=1)
        axes.set_title(name, fontsize=9)
        axes.set_xlabel("predicted")
        axes.set_ylabel("observed")
    figure.tight_layout()
    buffer = io.BytesIO()
    FigureCanvasAgg(figure).print_png(buffer)
    return "data:image/png;base64," + base64.b64encode(buffer.getvalue()).decode()
