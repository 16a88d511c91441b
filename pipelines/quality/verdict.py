"""The verdicts of a build's gates, kept beside it: publishing asks for a passing one of every gate, of this very build.

A verdict names the build, its inputs and the state of the models that were judged, and carries a checksum, so that a
missing, foreign, stale, incomplete or changed file publishes nothing.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipelines.errors import GateError
from pipelines.quality.results import CheckResult, result_of
from pipelines.quality.rules import rules_of
from pipelines.storage.checksums import CHECKSUM, is_whole, with_checksum
from pipelines.storage.durable import write_file


@dataclass(frozen=True)
class Judged:
    """What a verdict is about: the build, the fingerprint of its inputs, and the state of the models (any text)."""

    build_id: str
    fingerprint: str
    state: str


def write_verdict(folder: Path, layer: str, judged: Judged, results: Iterable[CheckResult]) -> None:
    """Keep the verdict of one gate."""
    body = {
        "layer": layer,
        "build_id": judged.build_id,
        "fingerprint": judged.fingerprint,
        "state": judged.state,
        "results": [result.as_dict() for result in results],
    }
    write_file(folder / f"{layer}.json", json.dumps(with_checksum(body), ensure_ascii=False, indent=1))


def forget_verdicts(folder: Path, layers: Iterable[str]) -> None:
    """Take back what gates said of models that are built anew."""
    for layer in layers:
        (folder / f"{layer}.json").unlink(missing_ok=True)


def passing_verdicts(folder: Path, expected: Mapping[str, Judged]) -> list[dict[str, Any]]:
    """The verdicts of all gates (layer -> what it must be about), in order. Raises GateError unless each one passes."""
    found, faults = [], []
    for layer, judged in expected.items():
        verdict, fault = _read(folder / f"{layer}.json", layer, judged)
        if verdict is None:
            faults.append(f"{layer}: {fault}")
        else:
            found.append(verdict)
    if faults:
        raise GateError(
            f"No passing verdict of every gate for this build ({'; '.join(faults)}); nothing is published and readers keep the "
            "last good version. Run the gates again: `ucv run --full-refresh`."
        )
    return found


def _read(path: Path, layer: str, judged: Judged) -> tuple[dict[str, Any] | None, str]:
    """The verdict, or what is wrong with it."""
    try:
        body: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        results = [result_of(values) for values in body["results"]]
        if CHECKSUM not in body or not is_whole(body) or body["layer"] != layer:
            return None, "its file was changed after the gate wrote it"
    except FileNotFoundError:
        return None, "missing"
    except (OSError, ValueError, KeyError, TypeError):
        return None, "its file cannot be read"
    if (body["build_id"], body["fingerprint"]) != (judged.build_id, judged.fingerprint):
        return None, "it is about another build"
    if body["state"] != judged.state:
        return None, "models were built again after it"
    lacking = {rule.name for rule in rules_of(layer)} - {result.name for result in results}
    if lacking:
        return None, f"it says nothing of {', '.join(sorted(lacking))}"
    red = [result.name for result in results if result.is_red]
    return (None, f"{', '.join(red)} failed") if red else (body, "")
