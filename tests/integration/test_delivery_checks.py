"""A delivery as a whole: what is measured of it, what refuses it, and what is learned from it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from delivery_home import Home
from judged_deliveries import FAIL, HEADER, deliver, figures, profile, rows, source, take

from pipelines.assets.delivery_checks import DeliveryJudge
from pipelines.contracts.load import load_contract
from pipelines.contracts.model import Contract
from pipelines.ingest.manifests import list_deliveries
from pipelines.quality.results import CheckResult, outside


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    return Home(tmp_path / "home")


def test_the_profile_holds_the_figures_of_the_rows(home: Home) -> None:
    contract = source(home)
    deliver(home, "web", 0, rows(1, 100) + "x1,,13,2020-01-01,nobody,,,,\n")
    report, _ = take(home, contract)
    assert report.status == "accepted"
    found = profile(home)
    assert found["rows"] == 101
    shares = {name: pair[0] for name, pair in found["shares"].items()}
    assert shares["given:full_name"] == pytest.approx(100 / 101, abs=1e-4)
    assert shares["given:gender"] == pytest.approx(100 / 101, abs=1e-4)
    assert shares["valid:phone"] == pytest.approx(100 / 101, abs=1e-4)
    assert shares["valid:email"] == pytest.approx(100 / 101, abs=1e-4)
    assert shares["distinct:phone"] == 1
    assert shares["distinct:full_name"] == pytest.approx(1 / 100, abs=1e-4)
    assert shares["email_fits_name"] == 1
    assert shares["recent"] == pytest.approx(100 / 101, abs=1e-4)
    assert shares["known_elsewhere"] == shares["known_again"] == 0
    assert found["classes"]["gender"] == {"female": 50, "male": 50}
    assert found["classes"]["province"] == {"四川省": 25, "广东省": 75}
    assert found["classes"]["consent_marketing"] == {"false": 20, "true": 80}
    assert sorted(found["classes"]["form_version"].values()) == [33, 67]


def test_no_personal_value_stands_in_a_manifest(home: Home) -> None:
    contract = source(home)
    deliver(home, "web", 0, rows(0, 40, province="王小明", form_version="王小明"))
    take(home, contract)
    text = json.dumps(list_deliveries(home.root)[0], ensure_ascii=False)
    for marker in ("王小明", "王伟", "wangwei1@", "13900"):
        assert marker not in text
    assert "139" not in json.dumps(profile(home)["classes"])


def test_a_known_contact_with_its_name_in_pinyin_or_turned_is_no_other_name(home: Home) -> None:
    first, second = source(home, name="first"), source(home, name="second")
    deliver(home, "first", 0, rows(0, 40))
    take(home, first)
    deliver(
        home,
        "second",
        0,
        rows(0, 15).replace("王伟", "WANG/WEI")
        + rows(15, 15).replace("王伟", "Wei Wang").removeprefix(HEADER),
    )
    take(home, second)
    shares = {name: pair[0] for name, pair in profile(home)["shares"].items()}
    assert (shares["known_elsewhere"], shares["known_otherwise"]) == (1, 0)


def test_people_of_another_source_and_of_another_key_are_told_apart(home: Home) -> None:
    first, second = source(home, name="first"), source(home, name="second")
    deliver(home, "first", 0, rows(0, 40))
    take(home, first)
    deliver(home, "second", 0, rows(0, 30).replace("王伟", "李娜") + rows(1000, 10).removeprefix(HEADER))
    take(home, second)
    shares = {name: pair[0] for name, pair in profile(home)["shares"].items()}
    assert (shares["known_elsewhere"], shares["known_again"], shares["known_otherwise"]) == (0.75, 0, 1)
    deliver(home, "first", 1, rows(0, 20).replace("\nr", "\nnew"))
    take(home, first, 1)
    newest = max(list_deliveries(home.root, source="first"), key=lambda one: str(one["loaded_at"]))
    assert newest["profile"]["shares"]["known_again"][0] == 1


@pytest.mark.parametrize("severity", ["info", "warn"])
def test_a_bound_that_only_warns_takes_the_file_and_says_so(home: Home, severity: str) -> None:
    contract = source(home, FAIL.replace("error", severity))
    deliver(home, "web", 0, rows(0, 20))
    report, results = take(home, contract)
    assert report.status == "accepted"
    assert not results["volume"].passed
    assert not results["volume"].is_red
    assert results["completeness"].passed
    deliver(home, "web", 1, rows(100, 21))
    assert take(home, contract, 1)[1]["volume"].passed


def test_a_bound_that_fails_refuses_the_file_of_its_own_source_alone(home: Home) -> None:
    contract, other = source(home, FAIL), source(home, name="other")
    deliver(home, "web", 0, rows(0, 20))
    deliver(home, "other", 0, rows(0, 20))
    report, results = take(home, contract)
    assert (report.status, report.error_code) == ("refused", "failed_checks")
    assert "volume" in str(report.error_message)
    assert results["volume"].is_red
    assert list_deliveries(home.root) == []
    assert take(home, other)[0].status == "accepted"
    assert take(home, contract, 1)[0].status == "refused"  # every night, until somebody does something


def test_what_is_usual_is_learned_from_seven_good_deliveries(home: Home) -> None:
    contract = source(home)
    for night in range(7):
        deliver(home, "web", night, rows(night * 1000, 100 + night))
        report, results = take(home, contract, night)
        assert report.status == "accepted"
        assert all(one.passed for one in results.values()), night
        assert not any("learned" in one.bounds_from for result in results.values() for one in result.figures)
    deliver(home, "web", 7, rows(7000, 40, email="", gender="男", consent_marketing="true"))
    _, results = take(home, contract, 7)
    failed = {name for name, one in results.items() if not one.passed}
    assert failed == {"volume", "completeness", "distribution"}
    assert figures(results["volume"])["delivery", "rows"].bounds_from == "learned from 7 deliveries"
    assert figures(results["completeness"])["email", "share filled"].value == 0
    told = [one.subject for one in results["distribution"].failing]
    assert any(one.startswith("gender: ") and "male 50% -> 100%" in one for one in told)
    # The bad one is not learned from: the next bad one fails as well, and a good one passes.
    deliver(home, "web", 8, rows(8000, 40))
    assert not take(home, contract, 8)[1]["volume"].passed
    deliver(home, "web", 9, rows(9000, 104))
    assert {name: outside(one) for name, one in take(home, contract, 9)[1].items() if not one.passed} == {}


def test_learned_bands_refuse_where_the_contract_says_so(home: Home) -> None:
    contract = source(
        home, "{type: custom, engine: ucv, implementation: {measure: learned}, severity: error}"
    )
    for night in range(7):
        deliver(home, "web", night, rows(night * 1000, 100))
        assert take(home, contract, night)[0].status == "accepted"
    deliver(home, "web", 7, rows(7000, 30))
    assert take(home, contract, 7)[0].error_code == "failed_checks"


def test_a_column_that_did_not_come_counts_as_empty(home: Home) -> None:
    contract = source(home)
    for night in range(7):
        deliver(home, "web", night, rows(night * 1000, 100))
        take(home, contract, night)
    without = [",".join(line.split(",")[:4] + line.split(",")[5:]) for line in rows(7000, 100).splitlines()]
    deliver(home, "web", 7, "\n".join(without) + "\n")
    report, results = take(home, contract, 7)
    assert report.status == "accepted"
    assert [one.subject for one in results["completeness"].failing] == ["email"]


def test_a_night_without_a_delivery_says_as_of_which_one_it_passed(home: Home) -> None:
    contract = source(home)
    assert take_nothing(home, contract)["volume"].told == "no delivery yet"
    deliver(home, "web", 0, rows(0, 100))
    take(home, contract)
    standing = take(home, contract, 5)[1]
    assert len(standing) == 7
    assert {one.told for one in standing.values()} == {"as of the delivery of 2026-02-02"}
    assert all(one.passed for one in standing.values())


def take_nothing(home: Home, contract: Contract) -> dict[str, CheckResult]:
    judge = DeliveryJudge(home.settings, home.keys, {})
    return {one.name: one for one in judge.results_of(contract.id, contract.kind)}


def test_bounds_of_a_few_rows_hold_only_where_the_contract_sets_them(home: Home) -> None:
    contract = source(home)
    deliver(home, "web", 0, rows(0, 8, 手机="nothing"))
    assert all(one.passed for one in take(home, contract)[1].values())
    deliver(home, "web", 1, rows(100, 20, 手机="nothing"))
    validity = take(home, contract, 1)[1]["validity"]
    assert [(one.subject, one.value, one.low, one.bounds_from) for one in validity.failing] == [
        ("phone", 0, 0.5, "default")
    ]


@pytest.mark.parametrize(
    ("field", "rule", "spoiled"),
    [
        ("phone", "metric: nullValues, mustBe: 0", {"手机": ""}),
        ("phone", "metric: invalidValues, mustBe: 0", {"手机": "12"}),
        ("phone", "metric: duplicateValues, mustBe: 0, unit: percent", {"手机": "13900017919"}),
        ("form_version", "metric: nullValues, mustBeLessThan: 1", {"form_version": ""}),
        ("form_version", "metric: duplicateValues, mustBe: 0, unit: percent", None),
    ],
)
def test_what_a_contract_bounds_is_counted_on_every_row(
    home: Home, field: str, rule: str, spoiled: dict[str, str] | None
) -> None:
    """One bad row in 6,000: a sample would hardly see it."""
    contract = source(home)
    text = contract.path.read_text("utf-8")
    line = next(line for line in text.splitlines() if f"name: {field}," in line)
    text = text.replace(line, line.rstrip("}") + f", quality: [{{{rule}, severity: error}}]}}")
    contract.path.write_text(text, "utf-8")
    contract = load_contract(contract.path, home.root)
    whole = rows(1, 6_000).replace(",v2,", ",,") if spoiled is None else rows(1, 6_000)
    if spoiled is not None:
        whole += rows(6_001, 1, **spoiled).removeprefix(HEADER)
    deliver(home, "web", 0, whole)
    report, _ = take(home, contract)
    assert report.error_code == "failed_checks"


@pytest.mark.parametrize(("empty", "status"), [(4, "accepted"), (5, "refused")])
def test_less_than_five_percent_is_not_five(home: Home, empty: int, status: str) -> None:
    contract = source(home)
    text = contract.path.read_text("utf-8").replace(
        "physicalName: 手机,",
        "physicalName: 手机, quality: [{metric: nullValues, mustBeLessThan: 5, unit: percent, severity: error}],",
    )
    contract.path.write_text(text, "utf-8")
    deliver(home, "web", 0, rows(1, 100 - empty) + rows(500, empty, 手机="").removeprefix(HEADER))
    assert take(home, load_contract(contract.path, home.root))[0].status == status


def test_a_column_that_turns_into_free_text_is_not_usual(home: Home) -> None:
    contract = source(home)
    for night in range(8):
        deliver(home, "web", night, rows(night * 1000, 100))
        take(home, contract, night)
    lines = [
        line.replace("v2", f"x{n}").replace("secret form", f"y{n}")
        for n, line in enumerate(rows(9000, 100).splitlines())
    ]
    deliver(home, "web", 8, "\n".join([HEADER.strip(), *lines[1:]]) + "\n")
    _, results = take(home, contract, 8)
    assert [one.subject.partition(":")[0] for one in results["distribution"].failing] == ["form_version"]


def test_a_file_without_rows_is_judged_by_its_rows_alone(home: Home) -> None:
    contract = source(home)
    text = contract.path.read_text("utf-8").replace(
        "physicalName: 手机,",
        "physicalName: 手机, quality: [{metric: nullValues, mustBe: 0, severity: error}],",
    )
    contract.path.write_text(text, "utf-8")
    contract = load_contract(contract.path, home.root)
    for night, header in enumerate((HEADER, HEADER.replace("手机,", ""))):
        deliver(home, "web", night, header)
        assert take(home, contract, night)[0].status == "accepted"
