"""Publishing takes a passing verdict of every gate, about this very build, as the gate wrote it; and nothing else."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from pipelines.errors import GateError
from pipelines.quality.results import CheckResult
from pipelines.quality.rules import rules_of
from pipelines.quality.verdict import Judged, forget_verdicts, passing_verdicts, write_verdict

LAYERS = ("staging", "identity", "golden")
JUDGED = Judged("build", "fingerprint", "state")
ABOUT = dict.fromkeys(LAYERS, JUDGED)


def results(layer: str, **failed: str) -> list[CheckResult]:
    """Every rule of the layer; `failed` ones with the severity given."""
    return [
        CheckResult("a/b", rule.name, layer, failed.get(rule.name, rule.severity), "", "", "", passed=rule.name not in failed)
        for rule in rules_of(layer)
    ]  # fmt: skip


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for layer in LAYERS:
        write_verdict(tmp_path, layer, JUDGED, results(layer))
    return tmp_path


def test_passing_verdicts_of_all_gates_are_handed_on(folder: Path) -> None:
    assert [verdict["layer"] for verdict in passing_verdicts(folder, ABOUT)] == [*LAYERS]


def test_a_warning_keeps_nothing_from_readers(folder: Path) -> None:
    write_verdict(folder, "golden", JUDGED, results("golden", contactable_share="warn"))
    assert len(passing_verdicts(folder, ABOUT)) == 3


@pytest.mark.parametrize("layer", LAYERS)
def test_a_missing_verdict_publishes_nothing(folder: Path, layer: str) -> None:
    forget_verdicts(folder, [layer])
    with pytest.raises(GateError, match=f"{layer}: missing"):
        passing_verdicts(folder, ABOUT)


@pytest.mark.parametrize(
    ("name", "severity"), [("customers_kept", "fail"), ("contactable_share", "fail")], ids=lambda part: part
)
def test_a_red_verdict_publishes_nothing(folder: Path, name: str, severity: str) -> None:
    write_verdict(folder, "golden", JUDGED, results("golden", **{name: severity}))
    with pytest.raises(GateError, match=f"golden: {name} failed"):
        passing_verdicts(folder, ABOUT)


def test_a_foreign_verdict_publishes_nothing(folder: Path) -> None:
    write_verdict(folder, "identity", replace(JUDGED, build_id="other"), results("identity"))
    with pytest.raises(GateError, match="identity: it is about another build"):
        passing_verdicts(folder, ABOUT)


def test_a_verdict_about_other_inputs_publishes_nothing(folder: Path) -> None:
    write_verdict(folder, "identity", replace(JUDGED, fingerprint="other"), results("identity"))
    with pytest.raises(GateError, match="identity: it is about another build"):
        passing_verdicts(folder, ABOUT)


def test_a_stale_verdict_publishes_nothing(folder: Path) -> None:
    write_verdict(folder, "staging", replace(JUDGED, state="before"), results("staging"))
    with pytest.raises(GateError, match="staging: models were built again after it"):
        passing_verdicts(folder, ABOUT)


def test_a_verdict_that_leaves_a_rule_out_publishes_nothing(folder: Path) -> None:
    write_verdict(folder, "identity", JUDGED, results("identity")[1:])
    with pytest.raises(GateError, match=f"says nothing of {rules_of('identity')[0].name}"):
        passing_verdicts(folder, ABOUT)


@pytest.mark.parametrize(
    "change",
    [
        lambda text: text.replace('"passed": false', '"passed": true'),
        lambda text: text.replace('"severity": "fail"', '"severity": "warn"'),
        lambda text: text[: len(text) // 2],
        lambda text: "",
        lambda text: json.dumps([text]),
    ],
    ids=["passed by hand", "weakened by hand", "cut short", "emptied", "another form"],
)
def test_a_changed_verdict_publishes_nothing(folder: Path, change: Callable[[str], str]) -> None:
    write_verdict(folder, "golden", JUDGED, results("golden", customers_kept="fail"))
    path = folder / "golden.json"
    path.write_text(change(path.read_text("utf-8")), "utf-8")
    with pytest.raises(GateError, match="golden: its file"):
        passing_verdicts(folder, ABOUT)


def test_a_verdict_under_another_gates_name_publishes_nothing(folder: Path) -> None:
    (folder / "golden.json").write_bytes((folder / "staging.json").read_bytes())
    with pytest.raises(GateError, match="golden: its file was changed"):
        passing_verdicts(folder, ABOUT)


def test_every_fault_is_told_at_once_and_what_to_do(folder: Path) -> None:
    forget_verdicts(folder, ["staging", "golden"])
    with pytest.raises(GateError, match=r"staging: missing; golden: missing.*--full-refresh"):
        passing_verdicts(folder, ABOUT)
