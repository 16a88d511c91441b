"""Every rule of every gate can fail, alone, and says which subject did; bounds themselves belong to what passes."""

from __future__ import annotations

import pandas as pd
import pytest

from pipelines.quality import gate
from pipelines.quality.results import CheckResult
from pipelines.quality.rules import RULES, Rule, rules_of


def frames(layer: str, **changed: float) -> list[pd.DataFrame]:
    """One frame of two subjects that keep every rule, the second one but for what is changed."""
    good = {
        rule.column: float(rule.low if rule.low is not None else rule.high or 0) for rule in rules_of(layer)
    }
    return [pd.DataFrame([{"subject": "fine", **good}, {"subject": "odd", **good, **changed}])]


def judged(monkeypatch: pytest.MonkeyPatch, layer: str, **changed: float) -> dict[str, CheckResult]:
    monkeypatch.setattr(gate, "frames_of", lambda *_: frames(layer, **changed))
    return {result.name: result for result in gate.run_gate(layer, None, "a/b")}  # type: ignore[arg-type]


@pytest.mark.parametrize("layer", ["staging", "identity", "golden"])
def test_a_figure_on_its_bound_passes(layer: str, monkeypatch: pytest.MonkeyPatch) -> None:
    results = judged(monkeypatch, layer)
    assert set(results) == {rule.name for rule in rules_of(layer)}
    assert all(result.passed for result in results.values())


def _beyond() -> list[tuple[Rule, float]]:
    below = [(rule, rule.low - 0.001) for rule in RULES if rule.low is not None]
    return below + [(rule, rule.high + 0.001) for rule in RULES if rule.high is not None]


@pytest.mark.parametrize(("rule", "value"), _beyond(), ids=lambda part: getattr(part, "name", part))
def test_each_bound_of_each_rule_can_fail_alone(
    rule: Rule, value: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    results = judged(monkeypatch, rule.layer, **{rule.column: value})
    failed = [result for result in results.values() if not result.passed]
    assert [result.name for result in failed] == [rule.name]
    assert [figure.subject for figure in failed[0].failing] == ["odd"]
    assert failed[0].is_red == (rule.severity == "fail")
    assert failed[0].remedy == rule.remedy


def test_a_figure_that_is_not_known_is_not_held_against_the_source(monkeypatch: pytest.MonkeyPatch) -> None:
    assert all(one.passed for one in judged(monkeypatch, "identity", retired_share=float("nan")).values())


def test_which_rules_keep_a_version_from_readers() -> None:
    """Written out: a rule that turns from fail to warn, or a bound that moves, has to be meant."""
    assert {(rule.name, rule.low, rule.high) for rule in RULES if rule.severity == "fail"} == {
        ("delivery_balances", 0, 0),
        ("largest_customer", None, 5000),
        ("customers_found", 1, None),
        ("customers_kept", 0.5, None),
    }
    assert {(rule.name, rule.low, rule.high) for rule in RULES if rule.severity == "warn"} == {
        ("records_present", 1, None),
        ("identified_share", 0.5, None),
        ("currency_known", None, 0),
        ("id_churn", None, 0.2),
        ("contactable_share", 0.05, None),
    }
    assert all(rule.reason and rule.remedy and rule.owner for rule in RULES)


def test_the_loss_that_is_allowed_is_the_settings() -> None:
    assert {rule.name: rule.low for rule in rules_of("golden", 0.9)}["customers_kept"] == pytest.approx(0.1)
