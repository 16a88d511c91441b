"""Every rule of every gate can fail, alone, and says which subject did."""

from __future__ import annotations

from datetime import date

import pandas as pd
import pytest

from pipelines.quality import gate
from pipelines.quality.rules import RULES, Rule, rules_of


def good_frame(layer: str) -> pd.DataFrame:
    rules = rules_of(layer)
    inside = {rule.column: float(rule.low if rule.low is not None else rule.high or 0) for rule in rules}
    return pd.DataFrame({"subject": ["some_source"], **{name: [value] for name, value in inside.items()}})


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_each_rule_can_fail_alone(rule: Rule, monkeypatch: pytest.MonkeyPatch) -> None:
    frame = good_frame(rule.layer)
    frame[rule.column] = (rule.high + 1) if rule.high is not None else (rule.low or 0) - 1
    monkeypatch.setattr(gate, "frame_of", lambda *_: frame)
    verdict = gate.run_gate(rule.layer, None, date(2026, 1, 1))  # type: ignore[arg-type]
    failed = {result.name: result for result in verdict.results if not result.passed}
    assert set(failed) == {rule.name}
    assert set(failed[rule.name].failing) == {"some_source"}
    assert verdict.passed == (rule.severity != "fail")
