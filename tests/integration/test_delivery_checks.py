"""A delivery as a whole: what is measured of it, what refuses it, who may accept it, and what is learned from it."""

from __future__ import annotations

import json
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from delivery_home import Home
from typer.testing import CliRunner

from pipelines.assets.delivery_checks import DeliveryJudge
from pipelines.cli import app
from pipelines.contracts.load import load_contract
from pipelines.contracts.model import Contract
from pipelines.errors import SettingsError
from pipelines.ingest.acceptance import acceptances_path, read_acceptances
from pipelines.ingest.manifests import list_deliveries
from pipelines.ingest.report import DeliveryReport
from pipelines.ingest.source import ingest_source
from pipelines.quality.results import CheckResult, Figure, outside

MORE = """
      - {name: email, logicalType: string, classification: pii}
      - {name: gender, logicalType: string}
      - {name: province, logicalType: string}
      - {name: form_version, logicalType: string}
      - {name: consent_marketing, logicalType: boolean}"""
HEADER = "no,姓名,手机,time,email,gender,province,form_version,consent_marketing\n"
START = datetime(2026, 2, 2, 1, tzinfo=UTC)  # a Monday
FAIL = "{metric: rowCount, mustBeGreaterThan: 20, severity: error}"


def rows(first: int, count: int, **changed: str) -> str:
    lines = []
    for n in range(first, first + count):
        row = {
            "no": f"r{n}", "姓名": "王伟", "手机": f"139{n:04d}{(n * 7919) % 10_000:04d}", "time": "2026-02-01 10:00:00",
            "email": f"wangwei{n}@qq.com", "gender": "男" if n % 2 else "女", "province": "广东省" if n % 4 else "四川省",
            "form_version": "secret form" if n % 3 else "v2", "consent_marketing": "true" if n % 5 else "false",
        }  # fmt: skip
        lines.append(",".join((row | changed).values()))
    return HEADER + "\n".join(lines) + "\n"


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    return Home(tmp_path / "home")


def take(home: Home, contract: Contract, night: int = 0) -> tuple[DeliveryReport, dict[str, CheckResult]]:
    """What became of the one file that is new, and the results of the source's checks."""
    judge = DeliveryJudge(home.settings, home.keys, read_acceptances(home.root))
    moment = (START + timedelta(days=night)).replace(tzinfo=None)
    reports = ingest_source(contract, home.settings, home.keys, moment, None, judge).deliveries
    new = [one for one in reports if one.status != "known"]
    return new[-1] if new else reports[-1], {
        one.name: one for one in judge.results_of(contract.id, contract.kind)
    }


def deliver(home: Home, source: str, night: int, text: str) -> None:
    path = home.landing(source) / f"{night:03d}.csv"
    path.write_text(text, "utf-8")
    os.utime(path, ((START + timedelta(days=night)).timestamp(),) * 2)


def source(home: Home, quality: str = "", name: str = "web") -> Contract:
    contract = home.source(name, more=MORE)
    text = contract.path.read_text("utf-8").replace(
        "    logicalType: object", f"    logicalType: object\n    quality: [{quality}]"
    )
    contract.path.write_text(text, "utf-8")
    return load_contract(contract.path, home.root)


def figures(result: CheckResult) -> dict[tuple[str, str], Figure]:
    return {(one.subject, one.measure): one for one in result.figures}


def profile(home: Home) -> dict[str, Any]:
    found: dict[str, Any] = list_deliveries(home.root)[-1]["profile"]
    return found


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


def accept(home: Home, *words: str) -> tuple[int, str]:
    given = ["accept-delivery", *words, "--home", str(home.root)]
    ended = CliRunner().invoke(app, given, env={"COLUMNS": "300"}, catch_exceptions=True)
    return ended.exit_code, f"{ended.output}{ended.exception or ''}"


def test_a_refused_delivery_is_accepted_once_by_name_and_reason(home: Home) -> None:
    contract = source(home, FAIL)
    deliver(home, "web", 0, rows(0, 20))
    take(home, contract)
    code, told = accept(home, "web", "000.csv", "--name", "Wu", "--reason", "a holiday")
    assert (code, "the next run takes it" in told) == (0, True)
    report, results = take(home, contract)
    assert report.status == "accepted"
    assert results["volume"].passed
    assert not results["volume"].figures[0].passed
    assert "accepted by Wu: a holiday" in results["volume"].told
    standing = take(home, contract, 1)[1]["volume"]
    assert standing.passed
    assert "accepted by Wu: a holiday" in standing.told
    (kept,) = read_acceptances(home.root).values()
    assert (kept.file_name, kept.name, kept.reason) == ("000.csv", "Wu", "a holiday")
    code, told = accept(home, "web", "000.csv", "--name", "Li", "--reason", "again")
    assert (code != 0, "accepted by Wu" in told) == (True, True)
    deliver(home, "web", 2, rows(500, 20))  # another file of the same kind is not accepted with it
    assert take(home, contract, 2)[0].status == "refused"


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("nobody", "000.csv", "--name", "Wu", "--reason", "x"), "has the id 'nobody'"),
        (("web", "absent.csv", "--name", "Wu", "--reason", "x"), "In landing: 000.csv"),
        (("web", "000.csv", "--name", " ", "--reason", "x"), "--name is blank"),
        (("web", "000.csv", "--name", "Wu", "--reason", ""), "--reason is blank"),
    ],
)
def test_a_wrong_acceptance_says_what_was_expected_and_writes_nothing(
    home: Home, words: tuple[str, ...], told: str
) -> None:
    source(home)
    deliver(home, "web", 0, rows(0, 20))
    code, output = accept(home, *words)
    assert code != 0
    assert told in output
    assert read_acceptances(home.root) == {}


def test_too_many_rejected_rows_may_be_accepted_a_missing_column_may_not(home: Home) -> None:
    contract = source(home)
    deliver(home, "web", 0, rows(0, 30) + "".join(f"q{n},a,,never,,,,,\n" for n in range(30)))
    assert take(home, contract)[0].error_code == "too_many_quarantined"
    accept(home, "web", "000.csv", "--name", "Wu", "--reason", "half is better than nothing")
    report, _ = take(home, contract)
    assert (report.status, report.rows_in, report.accepted, report.quarantined) == ("accepted", 60, 30, 30)
    deliver(home, "web", 1, "姓名,time\na,2026-01-01\n")
    accept(home, "web", "001.csv", "--name", "Wu", "--reason", "try")
    assert take(home, contract, 1)[0].error_code == "missing_column"


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


def test_an_accepted_change_is_what_is_learned_from_then_on(home: Home) -> None:
    contract = source(home)
    for night in range(7):
        deliver(home, "web", night, rows(night * 1000, 100))
        take(home, contract, night)
    deliver(home, "web", 7, rows(7000, 300))
    assert not take(home, contract, 7)[1]["volume"].passed
    code, told = accept(home, "web", "007.csv", "--name", "Wu", "--reason", "a new shop")
    assert (code, "learned from it on" in told) == (0, True)
    deliver(home, "web", 8, rows(8000, 300))
    volume = take(home, contract, 8)[1]["volume"]
    assert volume.passed
    assert volume.figures == ()  # one delivery is too few to learn from


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


def test_the_file_in_landing_is_meant_not_an_older_one_of_its_name(home: Home) -> None:
    contract = source(home, FAIL)
    deliver(home, "web", 0, rows(0, 50))
    assert take(home, contract)[0].status == "accepted"
    deliver(home, "web", 0, rows(100, 10))  # written over by the next night's
    report, _ = take(home, contract, 1)
    assert report.status == "refused"
    assert f"ucv accept-delivery web {report.delivery_id}" in str(report.error_message)
    code, told = accept(home, "web", "000.csv", "--name", "Wu", "--reason", "a holiday")
    assert (code, "the next run takes it" in told) == (0, True)
    assert take(home, contract, 2)[0].status == "accepted"


def test_a_snapshot_that_returns_to_older_bytes_can_be_accepted(home: Home) -> None:
    contract = home.source(
        "web",
        more=MORE.rstrip()
        + """
customProperties: [{property: deliveryMode, value: snapshot}, {property: shrinkLimit, value: 0.1}]""",
    )
    small, large = rows(0, 20), rows(0, 40)
    for night, text in enumerate((small, large)):
        deliver(home, "web", night, text)
        assert take(home, contract, night)[0].status == "accepted"
    deliver(home, "web", 2, small)
    assert take(home, contract, 2)[0].error_code == "shrink"
    assert accept(home, "web", "002.csv", "--name", "Wu", "--reason", "meant")[0] == 0
    assert take(home, contract, 3)[0].status == "accepted"


def test_an_acceptance_is_of_one_source(home: Home) -> None:
    first, second = source(home, FAIL, "first"), source(home, FAIL, "second")
    for contract in (first, second):
        deliver(home, contract.id, 0, rows(0, 10))
        assert take(home, contract)[0].status == "refused"
    accept(home, "first", "000.csv", "--name", "Wu", "--reason", "a holiday")
    assert take(home, first, 1)[0].status == "accepted"
    assert take(home, second, 1)[0].status == "refused"
    code, _ = accept(home, "second", "000.csv", "--name", "Li", "--reason", "as well")
    assert code == 0
    assert take(home, second, 2)[0].status == "accepted"


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


def test_half_an_acceptance_that_a_kill_left_stops_no_night_and_accepts_nothing(home: Home) -> None:
    contract = source(home, FAIL)
    deliver(home, "web", 0, rows(0, 20))
    report, _ = take(home, contract)
    accept(home, "web", "000.csv", "--name", "Wu", "--reason", "a holiday")
    path = acceptances_path(home.root)
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2])
    assert take(home, contract, 1)[0].status == "refused"
    assert accept(home, "web", "000.csv", "--name", "Wu", "--reason", "a holiday")[0] == 0
    assert take(home, contract, 2)[0].delivery_id == report.delivery_id
    path.write_text('{"name": "Wu"}\n', "utf-8")
    with pytest.raises(SettingsError, match="no acceptance"):
        read_acceptances(home.root)
