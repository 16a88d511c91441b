"""What is wrong with a contract is told with file, place, what was received and expected, and what to do."""

from __future__ import annotations

import copy
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.contracts.load import load_contract, load_contracts
from pipelines.contracts.problems import Problem
from pipelines.errors import ContractError

GOOD: dict[str, Any] = {
    "apiVersion": "v3.1.0",
    "kind": "DataContract",
    "id": "people",
    "name": "People",
    "version": "1.0.0",
    "status": "active",
    "servers": [{"server": "landing", "type": "local", "path": "landing/people/*.csv", "format": "csv"}],
    "schema": [
        {
            "name": "registration",
            "logicalType": "object",
            "properties": [
                {
                    "name": "source_record_id",
                    "physicalName": "no",
                    "logicalType": "string",
                    "primaryKey": True,
                },
                {"name": "full_name", "physicalName": "name", "logicalType": "string"},
                {"name": "birth_date", "physicalName": "born", "logicalType": "date"},
            ],
        }
    ],
    "customProperties": [{"property": "channel", "value": "website"}],
}
GONE = object()


def put(path: str, value: object) -> dict[str, Any]:
    """GOOD with the value at a place such as schema/0/name changed, added, or (GONE) removed."""
    changed = copy.deepcopy(GOOD)
    *steps, last = [int(step) if step.isdigit() else step for step in path.split("/")]
    node: Any = changed
    for step in steps:
        node = node[step]
    if value is GONE:
        del node[last]
    elif isinstance(node, list) and last == len(node):
        node.append(value)
    else:
        node[last] = value
    return changed


def problems_of(home: Path, text: str) -> tuple[Problem, ...]:
    (home / "contracts").mkdir(parents=True, exist_ok=True)
    (home / "contracts" / "people.yml").write_text(text, encoding="utf-8")
    return load_contracts(home).problems


def custom(name: str, value: object) -> dict[str, object]:
    return {"property": name, "value": value}


def test_the_contract_that_all_cases_start_from_is_good(tmp_path: Path) -> None:
    assert problems_of(tmp_path, yaml.safe_dump(GOOD)) == ()


@pytest.mark.parametrize("severity", ["fail", "info", None])
def test_the_contract_says_what_a_late_delivery_does(tmp_path: Path, severity: str | None) -> None:
    text = yaml.safe_dump(
        put("customProperties/1", custom("freshnessSeverity", severity)) if severity else GOOD
    )
    assert problems_of(tmp_path, text) == ()
    assert load_contracts(tmp_path).contracts[0].sla.severity == (severity or "warn")


REMOTE = {"server": "remote"}
DATABASE = {**REMOTE, "type": "postgres", "host": "db", "port": 5432, "database": "d", "schema": "public"}
PROPERTY = "schema/0/properties/1"
COST: dict[str, Any] = {"name": "gift_cost", "physicalName": "cost", "logicalType": "number"}


def cost(**custom_properties: object) -> dict[str, Any]:
    return {**COST, "customProperties": [custom(name, value) for name, value in custom_properties.items()]}


CASES = [
    ("misspelt field", f"{PROPERTY}/name", "ful_name", "/schema/0/properties/1/name", "full_name"),
    ("field of another kind", f"{PROPERTY}/name", "amount", "/schema/0/properties/1/name", "Change the kind"),
    ("field twice", f"{PROPERTY}/name", "birth_date", "/schema/0/properties/2/name", "Remove one"),
    ("column twice", f"{PROPERTY}/physicalName", "no", "/schema/0/properties/1/physicalName", "once"),
    ("wrong type", f"{PROPERTY}/logicalType", "date", "/schema/0/properties/1/logicalType", "string"),
    ("misspelt key of the standard", f"{PROPERTY}/clasification", "pii", "/schema/0/properties/1/clasification",
     "classification"),
    ("wrong date pattern", "schema/0/properties/2/logicalTypeOptions", {"format": "%Y-%m-%d"},
     "/schema/0/properties/2/logicalTypeOptions/format", "yyyy-MM-dd"),
    ("no primary key", "schema/0/properties/0/primaryKey", False, "/schema/0/properties", "derived"),
    ("unknown kind", "schema/0/name", "registrations", "/schema/0/name", "registration"),
    ("two tables", "schema/1", GOOD["schema"][0], "/schema", "Keep one"),
    ("no servers", "servers", GONE, "/servers", "Keep one server"),
    ("no schema", "schema", GONE, "/schema", "Keep one entry"),
    ("no id", "id", GONE, "/id", "Add id"),
    ("no name", "name", GONE, "/name", "Add name"),
    ("id that is no file name", "id", "People List", "/id", "web_registrations"),
    ("unknown status", "status", "activ", "/status", "active"),
    ("unknown format", "servers/0/format", "xls", "/servers/0/format", "xlsx"),
    ("server type without a reader", "servers/0/type", "kafka", "/servers/0/type", "landing/"),
    ("bucket without a pattern", "servers/0", {**REMOTE, "type": "s3", "location": "s3://only-a-bucket", "format": "csv"},
     "/servers/0/location", "s3://bucket/folder"),
    ("keys in the endpoint", "servers/0", {**REMOTE, "type": "s3", "location": "s3://abc/*.csv", "format": "csv",
     "endpointUrl": "http://key:word@host"}, "/servers/0/endpointUrl", "key file"),
    ("neither table nor query", "servers/0", DATABASE, "/servers/0/customProperties", "physicalName"),
    ("login in the host", "servers/0", {**DATABASE, "host": "me:word@db"}, "/servers/0/host", "environment"),
    ("port that cannot be", "servers/0", {**DATABASE, "port": 70000}, "/servers/0/port", "5432"),
    ("password in the contract", "servers/0", {**DATABASE, "customProperties": [custom("password", "x")]},
     "/servers/0/customProperties/0/property", "query"),
    ("absolute path", "servers/0/path", "/etc/*.csv", "/servers/0/path", "relative to the home"),
    ("path that climbs", "servers/0/path", "landing/../state/*", "/servers/0/path", "relative to the home"),
    ("windows drive", "servers/0/path", "C:/people.csv", "/servers/0/path", "relative to the home"),
    ("path outside landing", "servers/0/path", "raw/*.csv", "/servers/0/path", "landing/"),
    ("unknown encoding", "servers/0/encoding", "utf-9", "/servers/0/encoding", "gb18030"),
    ("delimiter of two characters", "servers/0/customProperties", [custom("delimiter", "||")],
     "/servers/0/customProperties/0/value", "one character"),
    ("sheet of a csv", "servers/0/customProperties", [custom("sheet", "A")],
     "/servers/0/customProperties/0/value", "Remove sheet"),
    ("unknown channel", "customProperties/0/value", "web_site", "/customProperties/0/value", "website"),
    ("unknown custom property", "customProperties/0/property", "chanel", "/customProperties/0/property", "channel"),
    ("custom property twice", "customProperties/1", custom("channel", "email"), "/customProperties/1/property", "Keep one"),
    ("unknown mode", "customProperties/1", custom("acquisitionMode", "rent"), "/customProperties/1/value", "one of them"),
    ("purchase without vendor", "customProperties/1", custom("acquisitionMode", "purchase"),
     "/customProperties/vendor", "vendor"),
    ("government without legal basis", "customProperties/0/value", "government",
     "/customProperties/legalBasis", "legalBasis"),
    ("credit data without legal basis", "customProperties/0/value", "credit_investigation",
     "/customProperties/legalBasis", "legalBasis"),
    ("open data without licence", "customProperties/0/value", "open_data", "/customProperties/licence", "CC-BY"),
    ("matching only, of what is no list", "customProperties/1", custom("matchingOnly", True),
     "/customProperties/1/value", "purchased_list"),
    ("matching only in words", "customProperties/1", custom("matchingOnly", "yes"), "/customProperties/1/value", "true or false"),
    ("insider without review", "customProperties/1", custom("originKind", "insider"),
     "/customProperties/legalReview", "legalReview"),
    ("country in words", "customProperties/1", custom("defaultCountry", "China"), "/customProperties/1/value", "CN"),
    ("currency that is no code", "customProperties/1", custom("defaultCurrency", "RMB"), "/customProperties/1/value", "CNY"),
    ("share above one", "customProperties/1", custom("maxQuarantineShare", 20), "/customProperties/1/value", "0.2"),
    ("decimal sign in words", "schema/0/properties/3", cost(decimalChar="comma"),
     "/schema/0/properties/3/customProperties/0/value", "in quotes"),
    ("one sign for both", "schema/0/properties/3", cost(decimalChar=",", groupChar=","),
     "/schema/0/properties/3/customProperties/1/value", "two different signs"),
    ("groups without decimals", "schema/0/properties/3", cost(groupChar="."),
     "/schema/0/properties/3/customProperties/decimalChar", "Add {property: decimalChar"),
    ("decimal sign of a text", f"{PROPERTY}/customProperties", [custom("decimalChar", ",")],
     "/schema/0/properties/1/customProperties/0/value", "Remove decimalChar"),
    ("amount beyond every type", "schema/0/properties/3", {**COST, "logicalTypeOptions": {"maximum": 1e20}},
     "/schema/0/properties/3/logicalTypeOptions/maximum", "99999999999999"),
    ("minimum above maximum", "schema/0/properties/3", {**COST, "logicalTypeOptions": {"minimum": 5, "maximum": 1}},
     "/schema/0/properties/3/logicalTypeOptions/maximum", "Correct one"),
    ("minimum above the usual maximum", "schema/0/properties/3", {**COST, "logicalTypeOptions": {"minimum": 5e9}},
     "/schema/0/properties/3/logicalTypeOptions/minimum", "write both"),
    ("bound that is no day", "schema/0/properties/2/logicalTypeOptions", {"minimum": "1900"},
     "/schema/0/properties/2/logicalTypeOptions/minimum", "1900-01-01"),
    ("unknown service level", "slaProperties", [{"property": "frequenzy", "value": 1, "unit": "d"}],
     "/slaProperties/0/property", "frequency"),
    ("severity in other words", "customProperties/1", custom("freshnessSeverity", "error"), "/customProperties/1/value", "fail"),
    ("price without currency", "price", {"priceAmount": 1}, "/price/priceCurrency", "CNY"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("path", "value", "place", "remedy"), [case[1:] for case in CASES], ids=[c[0] for c in CASES]
)
def test_a_fault_is_told_at_its_place_with_a_remedy(
    tmp_path: Path, path: str, value: object, place: str, remedy: str
) -> None:
    found = problems_of(tmp_path, yaml.safe_dump(put(path, value), allow_unicode=True))
    assert load_contracts(tmp_path).contracts == ()
    told = {problem.place.split(" (line")[0]: problem for problem in found}
    assert place in told, sorted(told)
    problem = told[place]
    assert problem.file.name == "people.yml"
    assert problem.received
    assert remedy in f"{problem.expected} {problem.remedy}"


@pytest.mark.parametrize(
    ("text", "received", "remedy"),
    [
        ("id: [people\nname: x\n", "no YAML at line", "Mend the line"),
        ("id: &a people\nname: *a\n", "anchor or alias", "Repeat the value"),
        ("- id: people\n", "no mapping", "ucv contract new"),
        ("", "an empty file", "ucv contract new"),
        ("id: people\nid: other\n", "the key id twice", "Remove line"),
    ],
    ids=["syntax", "alias", "list", "empty", "key twice"],
)
def test_text_that_is_no_contract(tmp_path: Path, text: str, received: str, remedy: str) -> None:
    found = problems_of(tmp_path, text)
    assert any(received in problem.received and remedy in problem.remedy for problem in found), found
    assert load_contracts(tmp_path).contracts == ()


def test_the_line_of_the_fault_is_told(tmp_path: Path) -> None:
    text = yaml.safe_dump(GOOD, sort_keys=False).replace("value: website", "value: web_site")
    line = next(n for n, words in enumerate(text.splitlines(), 1) if "web_site" in words)
    (problem,) = problems_of(tmp_path, text)
    assert problem.place == f"/customProperties/0/value (line {line})"


def test_two_files_with_one_id_are_both_left_out_and_others_stay(tmp_path: Path) -> None:
    folder = tmp_path / "contracts"
    folder.mkdir()
    for name in ("a", "b"):
        (folder / f"{name}.yml").write_text(yaml.safe_dump(GOOD), encoding="utf-8")
    (folder / "c.yml").write_text(yaml.safe_dump(put("id", "third")), encoding="utf-8")
    found = load_contracts(tmp_path)
    assert [contract.id for contract in found.contracts] == ["third"]
    assert {problem.file.name for problem in found.problems} == {"a.yml", "b.yml"}
    assert all("own id" in problem.remedy for problem in found.problems)


def test_a_home_without_contracts_says_where_they_belong(tmp_path: Path) -> None:
    (problem,) = load_contracts(tmp_path).problems
    assert "ucv init" in problem.remedy
    (tmp_path / "contracts").mkdir()
    (problem,) = load_contracts(tmp_path).problems
    assert problem.received == "no contract"


def test_a_link_out_of_landing_is_refused(tmp_path: Path) -> None:
    (tmp_path / "home" / "landing").mkdir(parents=True)
    (tmp_path / "else").mkdir()
    (tmp_path / "home" / "landing" / "people").symlink_to(tmp_path / "else")
    (problem,) = problems_of(tmp_path / "home", yaml.safe_dump(GOOD))
    assert "link leads out" in problem.received


def test_a_message_shows_no_value_that_may_be_personal(tmp_path: Path) -> None:
    path = tmp_path / "people.yml"
    path.write_text(yaml.safe_dump(put("customProperties/0/value", "zhang@example.com")), encoding="utf-8")
    with pytest.raises(ContractError) as raised:
        load_contract(path, tmp_path)
    assert "zhang" not in str(raised.value)
    assert "channel" in str(raised.value)


@settings(max_examples=30, deadline=None)
@given(st.recursive(st.none() | st.booleans() | st.integers() | st.text(max_size=8),
                    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(sorted(GOOD)), inner, max_size=4),
                    max_leaves=12))  # fmt: skip
def test_no_document_raises_anything_but_a_contract_error(
    tmp_path_factory: pytest.TempPathFactory, document: object
) -> None:
    path = tmp_path_factory.getbasetemp() / "any.yml"
    path.write_text(yaml.safe_dump(document, allow_unicode=True), encoding="utf-8")
    with pytest.raises(ContractError):
        load_contract(path, path.parent)
