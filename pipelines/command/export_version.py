"""The version that may leave: published, undamaged, recent, and with a passing verdict of every gate."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import duckdb

from pipelines.errors import GateError, PublishError
from pipelines.publishing.query import open_reader
from pipelines.publishing.version import Manifest, current_manifest, current_version, verify_version
from pipelines.quality.results import result_of
from pipelines.quality.rules import RULES
from pipelines.settings import Settings
from pipelines.storage.keys import Keys


def open_exportable(settings: Settings, keys: Keys, day: date) -> tuple[Manifest, duckdb.DuckDBPyConnection]:
    """A reader of the published version and its manifest.

    Raises PublishError when nothing is published, it is damaged or too old for `day`; GateError without passing verdicts.
    """
    while True:
        manifest = current_manifest(settings.home)
        if manifest is None:
            raise PublishError(f"Nothing is published in {settings.home} yet; run `ucv run` first.")
        check_verdicts(manifest)
        age = (day - date.fromisoformat(manifest.as_of_date)).days
        if age > settings.oldest_export_days:
            raise PublishError(
                f"The published version describes {manifest.as_of_date}, {age} days before {day}; opt-outs since are not in it, and "
                f"exports take versions of at most {settings.oldest_export_days} days. Run `ucv run` first."
            )
        verify_version(settings.home, manifest.version)
        conn = open_reader(settings, keys)
        if current_version(settings.home) == manifest.version:
            return manifest, conn
        conn.close()  # the switch turned in between


def check_verdicts(manifest: Manifest) -> None:
    """GateError unless the version carries a passing verdict of every gate, with a result for every rule."""
    faults = []
    verdicts = {str(verdict.get("layer")): verdict for verdict in manifest.verdicts}
    for layer in dict.fromkeys(rule.layer for rule in RULES):
        fault = _fault(layer, verdicts.get(layer))
        if fault:
            faults.append(f"{layer}: {fault}")
    if faults:
        raise GateError(
            f"Version {manifest.version} has no passing verdict of every gate ({'; '.join(faults)}); nothing leaves. Publish a "
            "version that passes: `ucv run --full-refresh`."
        )


def _fault(layer: str, verdict: Mapping[str, Any] | None) -> str | None:
    if verdict is None:
        return "missing"
    try:
        results = [result_of(values) for values in verdict["results"]]
    except (KeyError, TypeError):
        return "not readable"
    lacking = {rule.name for rule in RULES if rule.layer == layer} - {result.name for result in results}
    if lacking:
        return f"it says nothing of {', '.join(sorted(lacking))}"
    red = [result.name for result in results if result.is_red]
    return f"{', '.join(red)} failed" if red else None
