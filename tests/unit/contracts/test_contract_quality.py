"""The quality section of a contract: what each rule of the standard becomes here, and what is refused with what to do."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipelines.contracts.load import load_contract
from pipelines.contracts.model import QualityRule
from pipelines.contracts.quality_bounds import HAIR
from pipelines.errors import ContractError

_CONTRACT = """
apiVersion: v3.1.0
kind: DataContract
id: web
name: Web
version: 1.0.0
status: active
servers:
  - {{server: landing, type: local, path: "landing/web/*.csv", format: csv}}
schema:
  - name: registration
    logicalType: object
    quality: [{whole}]
    properties:
      - {{name: source_record_id, physicalName: id, logicalType: string, required: true, primaryKey: true}}
      - {{name: phone, logicalType: string, quality: [{phone}]}}
      - {{name: city, logicalType: string, quality: [{city}]}}
"""


def rules(tmp_path: Path, whole: str = "", phone: str = "", city: str = "") -> tuple[QualityRule, ...]:
    path = tmp_path / "contracts" / "web.yml"
    path.parent.mkdir()
    path.write_text(_CONTRACT.format(whole=whole, phone=phone, city=city), "utf-8")
    return load_contract(path, tmp_path).quality


@pytest.mark.parametrize(
    ("rule", "measure", "low", "high"),
    [
        (
            "metric: nullValues, mustBeLessThan: 5, unit: percent",
            "given:phone",
            95 + HAIR,
            None,
        ),
        ("metric: nullValues, mustBeLessOrEqualTo: 5, unit: percent", "given:phone", 95, None),
        ("metric: missingValues, mustBe: 0, unit: percent", "given:phone", 100, 100),
        ("metric: invalidValues, mustBeBetween: [1, 10], unit: percent", "valid:phone", 90, 99),
        (
            "metric: duplicateValues, mustBeLessThan: 10, unit: percent",
            "distinct:phone",
            90 + HAIR,
            None,
        ),
        ("metric: nullValues, mustBeLessThan: 5", "given:phone", None, 4),  # rows
    ],
)
def test_a_rule_of_a_column_bounds_what_is_right(
    rule: str, measure: str, low: float | None, high: float | None, tmp_path: Path
) -> None:
    (found,) = rules(tmp_path, phone=f"{{{rule}}}")
    assert found.measure == measure
    assert (found.low, found.high) == (low and pytest.approx(low, abs=HAIR / 9), high)
    assert (found.field, found.severity) == ("phone", "warn")


@pytest.mark.parametrize(
    ("rule", "measure", "low", "high"),
    [
        ("metric: rowCount, mustBeGreaterThan: 0", "rows", 1, None),
        ("metric: rowCount, mustBeBetween: [10, 20]", "rows", 10, 20),
        ("metric: duplicateValues, mustBeLessOrEqualTo: 1, unit: percent", "unrepeated", 99, None),
        (
            "type: custom, engine: ucv, implementation: {measure: known_again, maximum: 0.5}",
            "known_again",
            None,
            0.5,
        ),
        (
            "type: custom, engine: ucv, implementation: {measure: learned}, severity: error",
            "learned",
            None,
            None,
        ),
    ],
)
def test_a_rule_of_the_whole_delivery(
    rule: str, measure: str, low: float | None, high: float | None, tmp_path: Path
) -> None:
    (found,) = rules(tmp_path, whole=f"{{{rule}}}")
    assert (found.measure, found.low, found.high, found.field) == (measure, low, high, None)


@pytest.mark.parametrize(
    ("given", "kept"),
    [("info", "info"), ("warning", "warn"), ("warn", "warn"), ("error", "fail"), ("fail", "fail")],
)
def test_severity_owner_and_remedy_are_the_rules_own(given: str, kept: str, tmp_path: Path) -> None:
    more = "customProperties: [{property: owner, value: CRM}, {property: remedy, value: Call them}]"
    (found,) = rules(
        tmp_path, whole=f"{{metric: rowCount, mustBe: 1, severity: {given}, description: Why, {more}}}"
    )
    assert (found.severity, found.owner, found.remedy, found.description) == (kept, "CRM", "Call them", "Why")


def test_rules_of_other_engines_texts_and_enumerations_are_left_alone(tmp_path: Path) -> None:
    others = "{type: text, description: Nice data}, {type: custom, engine: soda, implementation: x}"
    listed = "{metric: invalidValues, mustBe: 0, arguments: {validValues: [北京, 上海]}}"
    assert rules(tmp_path, whole=others, city=listed) == ()


@pytest.mark.parametrize(
    ("where", "rule", "told"),
    [
        ("whole", "type: sql, query: SELECT 1, mustBe: 1", "queries are not run"),
        ("whole", "metric: nullValues, mustBe: 0", "Put the rule under the property"),
        ("whole", "metric: rowCount, mustNotBe: 0", "a rule without a bound that is known here"),
        ("whole", "metric: rowCount, mustBe: 1, severity: loud", "a severity"),
        ("whole", "metric: rowCount, mustBe: 1, unit: apples", "rows or percent"),
        ("whole", "type: custom, engine: ucv, implementation: {measure: mood}", "measure: recent"),
        ("whole", "type: custom, engine: ucv, implementation: {measure: known_again}", "without a bound"),
        (
            "whole",
            "type: custom, engine: ucv, implementation: {measure: recent, minimum: 0.5}",
            "without registered_at",
        ),
        (
            "whole",
            "type: custom, engine: ucv, implementation: {measure: email_fits_name, minimum: 0.1}",
            "email and a name",
        ),
        (
            "whole",
            "type: custom, engine: ucv, implementation: {measure: recent, minimum: 50}",
            "a share from 0 to 1",
        ),
        ("city", "metric: invalidValues, mustBe: 0", "Give arguments"),
    ],
)
def test_a_rule_that_cannot_be_kept_is_refused_with_what_to_do(
    where: str, rule: str, told: str, tmp_path: Path
) -> None:
    with pytest.raises(ContractError, match=told):
        rules(tmp_path, **{where: f"{{{rule}}}"})
