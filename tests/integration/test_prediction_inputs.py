"""What predictions are fitted on: tables alone from which people who refused decisions made by calculation are left out."""

from __future__ import annotations

from pipelines.assets.dbt_manifest import read_manifest_json


def test_predictions_learn_from_nobody_who_refused() -> None:
    nodes = read_manifest_json()["nodes"]
    models = [
        node
        for node in nodes.values()
        if node["resource_type"] == "model" and node["language"] == "python" and "marts" in node["tags"]
    ]
    assert {"purchase_predictions", "lifetime_value_predictions"} <= {node["name"] for node in models}
    for model in models:
        assert model["depends_on"]["nodes"], model["name"]
        for name in model["depends_on"]["nodes"]:
            read = nodes[name]["depends_on"]["nodes"]
            assert "model.unified_customer_view.refused_profiling" in read, (model["name"], name)
